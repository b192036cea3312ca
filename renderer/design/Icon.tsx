import type { LucideIcon } from 'lucide-react';

/**
 * A line icon beside text; what it means must be said by that text or by the control's name.
 * @param size pixels at the usual text size; it grows with the text
 */
export function Icon({ icon: Shape, size = 16 }: { icon: LucideIcon; size?: number }) {
  return <Shape aria-hidden="true" size={`${size / 16}rem`} strokeWidth={1.75} />;
}
