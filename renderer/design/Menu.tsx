import { Menu as Base } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import { Check } from 'lucide-react';
import type { ReactElement } from 'react';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import { Kbd } from './Kbd.tsx';
import css from './Menu.module.css';

export interface MenuAction {
  id: string;
  label: string;
  icon?: LucideIcon;
  /** Shown at the right; the key itself is bound by useShortcut. */
  shortcut?: string;
  /** Shown at the right: a count. */
  detail?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Given: the entry is a check box in the menu, and the menu stays open. */
  checked?: boolean;
  run(): void;
}

/** Actions behind one button. An array in the array is a group, set off by a line. */
export function Menu({
  trigger,
  groups,
  align = 'start',
}: {
  trigger: ReactElement;
  groups: readonly (readonly MenuAction[])[];
  align?: 'start' | 'center' | 'end';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={css.positioner} align={align} sideOffset={4} collisionPadding={8}>
          <Base.Popup className={css.popup}>
            {groups
              .filter((group) => group.length > 0)
              .map((group, at) => (
                <Base.Group key={group[0]?.id} className={classes(at > 0 && css.group)}>
                  {group.map((action) => (
                    <Entry key={action.id} action={action} />
                  ))}
                </Base.Group>
              ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entry({ action }: { action: MenuAction }) {
  const { checked, danger, disabled = false, run } = action;
  if (checked === undefined) {
    return (
      <Base.Item className={classes(css.item, danger && css.danger)} disabled={disabled} onClick={run}>
        <Face action={action} />
      </Base.Item>
    );
  }
  return (
    <Base.CheckboxItem className={css.item} checked={checked} disabled={disabled} onCheckedChange={run}>
      <span className={css.mark}>{checked && <Icon icon={Check} size={14} />}</span>
      <Face action={action} />
    </Base.CheckboxItem>
  );
}

function Face({ action: { icon, label, detail, shortcut } }: { action: MenuAction }) {
  return (
    <>
      {icon && <Icon icon={icon} />}
      <span className={css.label} dir="auto">
        {label}
      </span>
      {detail && <span className={css.detail}>{detail}</span>}
      {shortcut && <Kbd keys={shortcut} />}
    </>
  );
}
