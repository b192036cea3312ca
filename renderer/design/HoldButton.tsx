import type { LucideIcon } from 'lucide-react';
import { IconButton } from './Button.tsx';

/** Tells true while it is held down, by pointer, Space or Enter; false when let go. */
export function HoldButton({
  icon,
  label,
  onHold,
  disabled = false,
}: {
  icon: LucideIcon;
  label: string;
  onHold(held: boolean): void;
  disabled?: boolean;
}) {
  const letGo = () => onHold(false);
  return (
    <IconButton
      icon={icon}
      label={label}
      disabled={disabled}
      onPointerDown={({ currentTarget, pointerId }) => {
        // What is shown may push the button from under the pointer; it is held all the same.
        currentTarget.setPointerCapture(pointerId);
        onHold(true);
      }}
      onLostPointerCapture={letGo}
      onBlur={letGo}
      onKeyDown={(event) => {
        if ((event.key !== ' ' && event.key !== 'Enter') || event.repeat) return;
        event.preventDefault();
        onHold(true);
      }}
      onKeyUp={letGo}
    />
  );
}
