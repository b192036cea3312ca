import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import { Kbd } from './Kbd.tsx';
import css from './Popover.module.css';

/** A name on focus and hover for a control that shows none. It repeats the control's accessible name, no more. */
export function Tip({ text, shortcut, children }: { text: string; shortcut?: string; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner className={css.positioner} sideOffset={4}>
          <Tooltip.Popup className={css.tip} aria-hidden="true">
            <bdi>{text}</bdi>
            {shortcut && <Kbd keys={shortcut} />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
