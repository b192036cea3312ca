import { NumberField as Base } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import css from './Field.module.css';
import { Field, type FieldProps } from './Field.tsx';
import { Icon } from './Icon.tsx';

export interface NumberFieldProps extends Omit<FieldProps, 'children' | 'htmlFor'> {
  /** null = empty. */
  value: number | null;
  onChange(value: number | null): void;
  min?: number;
  max?: number;
  step?: number;
  /** Behind the number, such as `s`. */
  unit?: string;
  disabled?: boolean;
  /** `1,000` for counts; ports and the like have none. Default false. */
  grouping?: boolean;
}

export function NumberField({
  label,
  example,
  hint,
  error,
  optional = false,
  value,
  onChange,
  min,
  max,
  step = 1,
  unit,
  disabled = false,
  grouping = false,
}: NumberFieldProps) {
  const { t } = useTranslation('common');
  const id = useId();
  return (
    <Field {...{ label, example, hint, error, optional, htmlFor: id }}>
      <Base.Root
        id={id}
        value={value}
        onValueChange={onChange}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        format={{ useGrouping: grouping }}
      >
        <Base.Group className={css.number}>
          <Base.Decrement className={css.step} aria-label={t('decrease')}>
            <Icon icon={Minus} size={14} />
          </Base.Decrement>
          <Base.Input className={css.input} aria-invalid={Boolean(error)} aria-describedby={`${id}-help`} />
          <Base.Increment className={css.step} aria-label={t('increase')}>
            <Icon icon={Plus} size={14} />
          </Base.Increment>
          {unit && <span className={css.unit}>{unit}</span>}
        </Base.Group>
      </Base.Root>
    </Field>
  );
}
