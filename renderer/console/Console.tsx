import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../main/contract/jobs.ts';
import { Button } from '../design/Button.tsx';
import { classes } from '../design/classes.ts';
import { Dialog } from '../design/Dialog.tsx';
import field from '../design/Field.module.css';
import { count } from '../i18n/format.ts';
import { jobWord } from '../i18n/words.ts';
import { useRoom, useRunningJob, useSite } from '../state/hooks.ts';
import { historyOf, recalled } from './answers.ts';
import css from './Console.module.css';
import { useConsole } from './consoleStore.ts';
import { EntryView } from './EntryView.tsx';
import { useSending } from './useSending.ts';

/** Lines that only read, for somebody who has never typed one. */
const EXAMPLES = ['xStatus SystemUnit Uptime', 'xConfiguration NetworkServices HTTP Mode', 'xCommand Bookings List'];

export interface ConsoleProps {
  rooms: readonly number[];
  onClose(): void;
}

/** One xAPI line at a time, to one codec or to several, and what they answer. */
export function Console({ rooms, onClose }: ConsoleProps) {
  const { t } = useTranslation('console');
  const name = useRoom(rooms.length === 1 ? (rooms[0] ?? null) : null)?.name;
  const { place, since, send } = useSending(rooms);
  const all = useConsole(({ entries }) => entries);
  const entries = all.filter((entry) => entry.place === place);
  const [typed, setTyped] = useState('');
  const [back, setBack] = useState({ at: 0, draft: '' });
  const blocked = useBlocked(entries.map(({ job }) => job));
  const input = useRef<HTMLInputElement>(null);
  const title = name === undefined ? t('titleMany', manyOf(rooms)) : t('title', { room: name });

  const type = (line: string) => {
    setTyped(line);
    setBack({ at: 0, draft: line });
  };
  const submit = () => {
    const line = typed.trim();
    if (line === '' || blocked !== null || since !== null) return;
    type('');
    void send(line, false);
  };
  const recall = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const { at, line } = recalled(historyOf(all), back.at, event.key === 'ArrowUp' ? 1 : -1);
    setBack({ ...back, at });
    setTyped(line ?? back.draft);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      title={title}
      description={t('means')}
      initialFocus={input}
      onSubmit={submit}
      actions={
        <div className={css.prompt}>
          {blocked !== null && (
            <p className={css.blocked} role="status">
              {blocked}
            </p>
          )}
          <input
            ref={input}
            className={classes(field.input, field.mono, css.line)}
            aria-label={t('line')}
            value={typed}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            dir="ltr"
            onChange={(event) => type(event.target.value)}
            onKeyDown={recall}
          />
          <Button
            look="primary"
            submit
            disabled={blocked !== null || typed.trim() === ''}
            busy={since === null ? null : { what: t('sending'), since }}
          >
            {t('send')}
          </Button>
        </div>
      }
    >
      {entries.length === 0 ? (
        <Examples
          choose={(line) => {
            type(line);
            input.current?.focus();
          }}
        />
      ) : (
        <Log last={entries.length}>
          {entries.map((entry, at) => (
            <EntryView
              key={entry.id}
              entry={entry}
              number={at + 1}
              rooms={rooms}
              isBlocked={blocked !== null}
              send={send}
              toLine={() => input.current?.focus()}
            />
          ))}
        </Log>
      )}
    </Dialog>
  );
}

function manyOf(rooms: readonly number[]) {
  return { count: rooms.length, formatted: count(rooms.length) };
}

/** Why nothing can be sent now; null = it can. */
function useBlocked(own: readonly (number | null)[]): string | null {
  const { t } = useTranslation('console');
  const running: Job | null = useRunningJob();
  if (useSite()?.busyElsewhere) return t('blocked.elsewhere');
  if (running === null) return null;
  return own.includes(running.id) ? t('blocked.own') : t('blocked.job', { what: jobWord(running.kind) });
}

function Examples({ choose }: { choose(line: string): void }) {
  const { t } = useTranslation('console');
  return (
    <section className={css.examples} aria-label={t('examples')}>
      <p>{t('examples')}</p>
      <ul>
        {EXAMPLES.map((line) => (
          <li key={line}>
            <button type="button" className={css.example} onClick={() => choose(line)}>
              {line}
            </button>
          </li>
        ))}
      </ul>
      <p className={css.soft}>{t('keys')}</p>
    </section>
  );
}

/** The newest line stays in sight. */
function Log({ last, children }: { last: number; children: React.ReactNode }) {
  const { t } = useTranslation('console');
  const end = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const follow = () => end.current?.scrollIntoView({ block: 'end' });
    if (last > 0) follow();
    // Answers come later than their lines, and make the list longer.
    const watch = new ResizeObserver(follow);
    if (list.current) watch.observe(list.current);
    return () => watch.disconnect();
  }, [last]);
  return (
    <>
      <ol ref={list} className={css.log} aria-label={t('log')}>
        {children}
      </ol>
      <div ref={end} />
    </>
  );
}
