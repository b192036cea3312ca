import css from './Kbd.module.css';
import { shownKeys } from './keys.ts';

/** Keys as they are written on them. @param keys in the manner of tinykeys, such as `$mod+K` or `g r` */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={css.keys}>
      {shownKeys(keys).map((key) => (
        <kbd key={key} className={css.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
