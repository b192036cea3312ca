import { CornerLeftUp, File, Folder } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../main/contract/methods.ts';
import { classes } from '../../design/classes.ts';
import { Icon } from '../../design/Icon.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { count } from '../../i18n/format.ts';
import { useAnswer } from '../../state/hooks.ts';
import css from './FolderBrowser.module.css';

type Entry = Output<'files.list'>['entries'][number];

/** More than these are not drawn; who has so many types the path. */
const MOST = 500;

export interface FolderBrowserProps {
  /** null = the home folder. */
  folder: string | null;
  onFolder(folder: string): void;
  /** Path of the site file that is chosen; for choosing folders leave both out. */
  chosen?: string | null;
  onChoose?(path: string): void;
  /** A site file was opened: Enter or double click. */
  onOpen?(path: string): void;
}

/** Folders and site files, for hosts without file dialogs of their own. One tab stop; arrows move. */
export function FolderBrowser({ folder, onFolder, chosen = null, onChoose, onOpen }: FolderBrowserProps) {
  const { t } = useTranslation('start');
  const { data, problem, slow } = useAnswer('files.list', { folder });
  const list = useRef<HTMLUListElement>(null);
  const moved = useRef(false);
  const here = data?.folder;
  useEffect(() => {
    // After a move into a folder the keyboard goes on there.
    if (here !== undefined && moved.current) itemsOf(list.current)[0]?.focus();
    moved.current = false;
  }, [here]);
  const go = (to: string) => {
    moved.current = true;
    onFolder(to);
  };
  if (problem) return <ProblemCard problem={problem} {...(folder ? { about: folder } : {})} />;
  if (!data) return <p className={css.soft}>{slow ? t('choose.loading') : ''}</p>;
  const fitting = onChoose ? data.entries : data.entries.filter(({ kind }) => kind === 'folder');
  const shown = fitting.slice(0, MOST);
  const none = onChoose ? !fitting.some(({ kind }) => kind === 'site') : fitting.length === 0;
  const { parent } = data;
  return (
    <div className={css.browser}>
      <p className={css.here} dir="auto" title={data.folder}>
        <bdi>{data.folder}</bdi>
      </p>
      <ul
        ref={list}
        className={css.list}
        aria-label={t('choose.entries')}
        onKeyDown={(event) => moveIn(event, list.current, () => parent !== null && go(parent))}
      >
        {parent !== null && (
          <li>
            <button type="button" className={css.entry} onClick={() => go(parent)}>
              <Icon icon={CornerLeftUp} />
              {t('choose.up')}
            </button>
          </li>
        )}
        {shown.map((entry) => (
          <li key={entry.path}>
            <EntryButton
              entry={entry}
              chosen={entry.path === chosen}
              onPick={() => (entry.kind === 'folder' ? go(entry.path) : onChoose?.(entry.path))}
              onOpen={() => entry.kind === 'site' && onOpen?.(entry.path)}
            />
          </li>
        ))}
      </ul>
      {none && <p className={css.soft}>{t(onChoose ? 'choose.noSites' : 'choose.noFolders')}</p>}
      {fitting.length > MOST && (
        <p className={css.soft}>
          {t('choose.more', { count: fitting.length - MOST, formatted: count(fitting.length - MOST) })}
        </p>
      )}
    </div>
  );
}

function EntryButton({
  entry: { name, kind },
  chosen,
  onPick,
  onOpen,
}: {
  entry: Entry;
  chosen: boolean;
  onPick(): void;
  onOpen(): void;
}) {
  return (
    <button
      type="button"
      className={classes(css.entry, chosen && css.chosen)}
      aria-pressed={kind === 'site' ? chosen : undefined}
      title={name}
      onClick={onPick}
      onDoubleClick={onOpen}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || kind !== 'site') return;
        event.preventDefault();
        onOpen();
      }}
    >
      <Icon icon={kind === 'folder' ? Folder : File} />
      <span className={css.name} dir="auto">
        {name}
      </span>
    </button>
  );
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return list ? [...list.querySelectorAll('button')] : [];
}

function moveIn(event: KeyboardEvent, list: HTMLElement | null, up: () => void): void {
  const items = itemsOf(list);
  const at = document.activeElement instanceof HTMLElement ? items.indexOf(document.activeElement) : -1;
  const last = items.length - 1;
  const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
  if (to !== undefined) items[to]?.focus();
  else if (event.key === 'Backspace' || event.key === 'ArrowLeft') up();
  else return;
  event.preventDefault();
}
