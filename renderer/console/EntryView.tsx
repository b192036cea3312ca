import { ClipboardCopy, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job, JobItem } from '../../main/contract/jobs.ts';
import { call } from '../bridge/bridge.ts';
import { Button } from '../design/Button.tsx';
import { Elapsed } from '../design/Elapsed.tsx';
import { Icon } from '../design/Icon.tsx';
import { ProblemCard } from '../design/ProblemCard.tsx';
import { notifyProblem } from '../design/toasts.ts';
import { useAction } from '../design/useAction.ts';
import { count } from '../i18n/format.ts';
import { problemText } from '../i18n/words.ts';
import { Scroller } from '../screens/room/diff/Scroller.tsx';
import { useItems, useRoom } from '../state/hooks.ts';
import { useStore } from '../state/store.ts';
import { copyOf, firstLine, shownAnswer } from './answers.ts';
import css from './Console.module.css';
import { type ConsoleEntry, dropEntry, removeEntry } from './consoleStore.ts';
import type { Sending } from './useSending.ts';

export interface EntryViewProps {
  entry: ConsoleEntry;
  /** Its place in the console, from 1. */
  number: number;
  rooms: readonly number[];
  /** Nothing can be sent now. */
  isBlocked: boolean;
  send: Sending['send'];
  /** A button that had the keyboard goes away: the line for typing takes it. */
  toLine(): void;
}

/** One line and what came of it. */
export function EntryView({ entry, number, rooms, isBlocked, send, toLine }: EntryViewProps) {
  const job = useStore(({ jobs }) => (entry.job === null ? null : (jobs.get(entry.job) ?? null)));
  const items = useItems(entry.job).filter(({ what }) => what === 'answered' || what === 'failed');
  const result = job?.result?.kind === 'xapi' ? job.result : null;
  // What no codec could be reached for cannot be confirmed either.
  const isHeld = result !== null && !result.sent && result.ok > 0;
  const problem = entry.problem ?? job?.problem ?? null;
  const confirm = () => {
    removeEntry(entry.id);
    toLine();
    void send(entry.line, true);
  };
  const drop = () => {
    dropEntry(entry.id);
    toLine();
  };
  return (
    <li className={css.entry}>
      <code className={css.typed}>{entry.line}</code>
      {job?.endedAt === null && <Working job={job} />}
      {problem && <ProblemCard problem={problem} />}
      {isHeld ? (
        <Held {...{ entry, number, rooms, items, isBlocked, confirm, drop }} />
      ) : rooms.length === 1 ? (
        items.map((item) => <Answer key={item.at} item={item} number={number} />)
      ) : (
        items.length > 0 && <Many items={items} job={job} number={number} />
      )}
    </li>
  );
}

function Working({ job }: { job: Job }) {
  const { t } = useTranslation('console');
  const stopping = useAction();
  const isStopping = job.status === 'stopping' || stopping.since !== null;
  return (
    <p className={css.tools}>
      <Elapsed what={t('waiting')} since={job.startedAt} />
      <Button disabled={isStopping} onClick={() => stopping.run(() => call('jobs.stop', { job: job.id, how: 'now' }))}>
        {t('stop')}
      </Button>
    </p>
  );
}

interface HeldProps extends Omit<EntryViewProps, 'send' | 'toLine'> {
  /** The codecs that were found, each with the line as it would get it. */
  items: readonly JobItem[];
  confirm(): void;
  drop(): void;
}

/** A line that may change something: what it would do is seen before it is done. */
function Held({ entry, number, rooms, items, isBlocked, confirm, drop }: HeldProps) {
  const { t } = useTranslation('console');
  const name = useRoom(rooms.length === 1 ? (rooms[0] ?? null) : null)?.name;
  if (entry.dropped) return <p className={css.soft}>{t('held.dropped')}</p>;
  return (
    <div className={css.held} role="status">
      <p className={css.heldWords}>
        <Icon icon={TriangleAlert} />
        {t('held.means', { count: rooms.length, formatted: count(rooms.length) })}
      </p>
      {rooms.length > 1 && <Each items={items} number={number} />}
      {rooms.length === 1 &&
        items.map(({ at, words }) => (
          <pre key={at} className={css.words} dir="auto">
            {shownAnswer(words)}
          </pre>
        ))}
      <p className={css.tools}>
        <Button look="danger" disabled={isBlocked} onClick={confirm}>
          <bdi>
            {name === undefined
              ? t('held.sendMany', { count: rooms.length, formatted: count(rooms.length) })
              : t('held.send', { room: name })}
          </bdi>
        </Button>
        <Button onClick={drop}>{t('held.drop')}</Button>
      </p>
    </div>
  );
}

interface AnswerProps {
  item: JobItem;
  /** Of the line that it belongs to. */
  number: number;
}

/** What one codec said. */
function Answer({ item, number }: AnswerProps) {
  const { t } = useTranslation('console');
  const { problem, words, about } = item;
  if (problem) return <ProblemCard problem={problem} />;
  if (words === '') return <p className={css.soft}>{t('silent')}</p>;
  return (
    <div className={css.answer}>
      <Scroller label={t('answerOf', { about, number: count(number) })}>
        <pre className={css.words} dir="auto">
          {shownAnswer(words)}
        </pre>
      </Scroller>
      <CopyButton text={words} />
    </div>
  );
}

/** More answers than these are counted and copied, not shown. */
const MOST_SHOWN = 200;

function Many({ items, job, number }: { items: readonly JobItem[]; job: Job | null; number: number }) {
  const { t } = useTranslation('console');
  const result = job?.result?.kind === 'xapi' ? job.result : null;
  return (
    <>
      <p className={css.tools}>
        {result && (
          <span>
            {t('summary', { ok: count(result.ok), failed: count(result.failed), skipped: count(result.skipped) })}
          </span>
        )}
        <CopyButton text={copyOf(items)} />
      </p>
      <Each items={items} number={number} />
    </>
  );
}

function Each({ items, number }: { items: readonly JobItem[]; number: number }) {
  const { t } = useTranslation('console');
  const more = items.length - MOST_SHOWN;
  return (
    <>
      <ul>
        {items.slice(0, MOST_SHOWN).map((item) => (
          <OneOfMany key={`${item.roomId} ${item.at}`} item={item} number={number} />
        ))}
      </ul>
      {more > 0 && <p className={css.soft}>{t('more', { count: more, formatted: count(more) })}</p>}
    </>
  );
}

function OneOfMany({ item, number }: AnswerProps) {
  const [open, setOpen] = useState(false);
  const { about, problem, words } = item;
  return (
    <li>
      <details className={css.one} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={css.oneHead}>
          <span className={css.oneName} dir="auto" title={about}>
            {about}
          </span>
          <span className={problem ? css.failed : css.oneWords} dir="auto">
            {problem ? problemText(problem).happened : firstLine(words)}
          </span>
        </summary>
        {open && (
          <div className={css.oneBody}>
            <Answer item={item} number={number} />
          </div>
        )}
      </details>
    </li>
  );
}

function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation('console');
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Button look="quiet" icon={ClipboardCopy} onClick={() => void copy().catch(notifyProblem)}>
      {t(copied ? 'copied' : 'copy')}
    </Button>
  );
}
