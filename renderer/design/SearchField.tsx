import { Search, X } from 'lucide-react';
import { type Ref, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import css from './SearchField.module.css';

export interface SearchFieldProps {
  /** Read, not shown. */
  label: string;
  value: string;
  onChange(value: string): void;
  /** Arrow down: into the list below. */
  onDown?(): void;
  ref?: Ref<HTMLInputElement>;
}

/** The search of a screen: `/` brings the focus here, Escape empties it. */
export function SearchField({ label, value, onChange, onDown, ref }: SearchFieldProps) {
  const { t } = useTranslation('common');
  const id = useId();
  return (
    <div className={css.box}>
      <Icon icon={Search} size={14} />
      <input
        ref={ref}
        id={id}
        type="search"
        data-search=""
        className={css.input}
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.preventDefault();
            onChange('');
          } else if (event.key === 'ArrowDown' && onDown) {
            event.preventDefault();
            onDown();
          }
        }}
      />
      {value !== '' && <IconButton icon={X} label={t('clear')} onClick={() => onChange('')} />}
    </div>
  );
}
