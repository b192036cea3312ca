import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import css from './Button.module.css';
import { classes } from './classes.ts';
import { Elapsed } from './Elapsed.tsx';
import { Icon } from './Icon.tsx';
import { Tip } from './Tip.tsx';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'style' | 'type'> {
  /** `primary`: the one next thing. `danger`: takes something away. Default `plain`. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: LucideIcon;
  /** It works on what was asked: what it waits for, and since when (milliseconds since 1970). It cannot be pressed then. */
  busy?: { what: string; since: number } | null;
  submit?: boolean;
  children: ReactNode;
}

export function Button({
  look = 'plain',
  icon,
  busy = null,
  submit = false,
  disabled,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={submit ? 'submit' : 'button'}
      className={classes(css.button, css[look])}
      disabled={disabled}
      aria-disabled={busy !== null || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {icon && <Icon icon={icon} />}
      {busy ? <Elapsed what={busy.what} since={busy.since} /> : children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'busy' | 'icon'> {
  icon: LucideIcon;
  /** Name of the button, shown as its tooltip as well. */
  label: string;
  /** Key that does the same, for the tooltip. */
  shortcut?: string;
}

export function IconButton({ icon, label, shortcut, look = 'quiet', submit: _, ...rest }: IconButtonProps) {
  return (
    <Tip text={label} {...(shortcut ? { shortcut } : {})}>
      <button {...rest} type="button" aria-label={label} className={classes(css.button, css.square, css[look])}>
        <Icon icon={icon} />
      </button>
    </Tip>
  );
}
