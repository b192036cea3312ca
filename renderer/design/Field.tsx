import type { ComponentProps, ReactNode, Ref } from 'react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes.ts';
import css from './Field.module.css';

export interface FieldProps {
  label: string;
  /** Id of the control inside. */
  htmlFor: string;
  /** Shown as `Example: …` in grey below, never as a placeholder that vanishes. */
  example?: string | undefined;
  hint?: ReactNode;
  /** What is wrong and what would be right; the control must carry aria-invalid itself. */
  error?: string | null | undefined;
  optional?: boolean;
  children: ReactNode;
}

/** Label, control, and what helps to fill it. For controls that have no field of their own here. */
export function Field({ label, htmlFor, example, hint, error, optional = false, children }: FieldProps) {
  const { t } = useTranslation('common');
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={htmlFor}>
        {label}
        {optional && <span className={css.soft}> {t('optional')}</span>}
      </label>
      {children}
      <div className={css.help} id={`${htmlFor}-help`}>
        {hint !== undefined && <div>{hint}</div>}
        {example !== undefined && <div>{t('example', { example })}</div>}
        {error && (
          <div className={css.error} role="alert">
            {error}
          </div>
        )}
      </div>
    </div>
  );
}

type Own = Omit<FieldProps, 'children' | 'htmlFor'>;
type Native<T extends 'input' | 'textarea'> = Omit<
  ComponentProps<T>,
  'value' | 'onChange' | 'className' | 'style' | 'id' | 'children' | 'ref'
>;

export interface TextFieldProps extends Own, Native<'input'> {
  value: string;
  onChange(value: string): void;
  /** For what devices say and for addresses. */
  mono?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({
  label,
  example,
  hint,
  error,
  optional = false,
  value,
  onChange,
  mono = false,
  ...rest
}: TextFieldProps) {
  const id = useId();
  return (
    <Field {...{ label, example, hint, error, optional, htmlFor: id }}>
      <input
        autoComplete="off"
        spellCheck={false}
        type="text"
        {...rest}
        id={id}
        className={classes(css.input, mono && css.mono)}
        value={value}
        dir="auto"
        aria-invalid={Boolean(error)}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

export interface TextAreaProps extends Own, Native<'textarea'> {
  value: string;
  onChange(value: string): void;
  mono?: boolean;
  ref?: Ref<HTMLTextAreaElement>;
}

export function TextArea({
  label,
  example,
  hint,
  error,
  optional = false,
  value,
  onChange,
  mono = false,
  rows = 4,
  ...rest
}: TextAreaProps) {
  const id = useId();
  return (
    <Field {...{ label, example, hint, error, optional, htmlFor: id }}>
      <textarea
        autoComplete="off"
        spellCheck={false}
        {...rest}
        id={id}
        rows={rows}
        className={classes(css.input, css.area, mono && css.mono)}
        value={value}
        dir="auto"
        aria-invalid={Boolean(error)}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
