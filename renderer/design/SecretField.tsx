import { Eye } from 'lucide-react';
import { type ComponentProps, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import css from './Field.module.css';
import { Field, type FieldProps } from './Field.tsx';
import { HoldButton } from './HoldButton.tsx';

export interface SecretFieldProps extends Omit<FieldProps, 'children' | 'htmlFor'> {
  value: string;
  onChange(value: string): void;
  /** Default `off`: no password manager keeps it. */
  autoComplete?: 'off' | 'new-password' | 'current-password';
  autoFocus?: boolean;
  disabled?: boolean;
  onKeyDown?: ComponentProps<'input'>['onKeyDown'];
}

/** A password to be typed: masked, shown as long as the eye is held. */
export function SecretField({
  label,
  example,
  hint,
  error,
  optional = false,
  value,
  onChange,
  autoComplete = 'off',
  autoFocus = false,
  disabled = false,
  onKeyDown,
}: SecretFieldProps) {
  const { t } = useTranslation('common');
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <Field {...{ label, example, hint, error, optional, htmlFor: id }}>
      <div className={css.line}>
        <input
          id={id}
          ref={autoFocus ? takeFocus : null}
          type={shown ? 'text' : 'password'}
          className={css.input}
          value={value}
          autoComplete={autoComplete}
          autoCapitalize="off"
          spellCheck={false}
          disabled={disabled}
          aria-invalid={Boolean(error)}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <HoldButton icon={Eye} label={t('secret.hold')} onHold={setShown} disabled={disabled || value === ''} />
      </div>
    </Field>
  );
}

function takeFocus(input: HTMLInputElement | null): void {
  input?.focus();
}
