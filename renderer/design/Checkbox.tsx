import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import css from './Checkbox.module.css';
import { Icon } from './Icon.tsx';

export interface CheckboxProps {
  checked: boolean | 'mixed';
  onChange(checked: boolean): void;
  /** Beside the box; the box alone (in tables) takes `name` in its place. */
  label?: ReactNode;
  name?: string;
  hint?: ReactNode;
  disabled?: boolean;
}

export function Checkbox({ checked, onChange, label, name, hint, disabled = false }: CheckboxProps) {
  const id = useId();
  const box = (
    <Base.Root
      id={id}
      className={css.box}
      checked={checked === true}
      indeterminate={checked === 'mixed'}
      onCheckedChange={onChange}
      disabled={disabled}
      {...(label === undefined && name !== undefined ? { 'aria-label': name } : {})}
    >
      <Base.Indicator className={css.mark}>
        <Icon icon={checked === 'mixed' ? Minus : Check} size={12} />
      </Base.Indicator>
    </Base.Root>
  );
  if (label === undefined) return box;
  return (
    <div className={css.line}>
      {box}
      <div>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && <div className={css.hint}>{hint}</div>}
      </div>
    </div>
  );
}
