import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Field } from './Field.tsx';
import { Icon } from './Icon.tsx';
import menu from './Menu.module.css';
import css from './Select.module.css';

export interface Choice<V extends string> {
  value: V;
  label: string;
}

export interface SelectProps<V extends string> {
  label: string;
  value: V;
  choices: readonly Choice<V>[];
  onChange(value: V): void;
  hint?: ReactNode;
  disabled?: boolean;
  /** The label is read but not shown: for toolbars. */
  compact?: boolean;
}

/** One of a few. */
export function Select<V extends string>({
  label,
  value,
  choices,
  onChange,
  hint,
  disabled = false,
  compact = false,
}: SelectProps<V>) {
  const id = useId();
  const box = (
    <Base.Root
      items={choices}
      value={value}
      disabled={disabled}
      onValueChange={(chosen: V | null) => {
        if (chosen !== null) onChange(chosen);
      }}
    >
      <Base.Trigger id={id} className={css.trigger} {...(compact ? { 'aria-label': label } : {})}>
        <Base.Value className={css.value} />
        <Base.Icon className={css.arrow}>
          <Icon icon={ChevronDown} size={14} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className={menu.positioner} sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className={menu.popup}>
            {choices.map((choice) => (
              <Base.Item key={choice.value} value={choice.value} className={menu.item}>
                <span className={menu.mark}>
                  <Base.ItemIndicator>
                    <Icon icon={Check} size={14} />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText className={menu.label}>{choice.label}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
  if (compact) return box;
  return (
    <Field label={label} htmlFor={id} hint={hint}>
      {box}
    </Field>
  );
}
