import {
  Check,
  CheckCheck,
  ChevronRight,
  Circle,
  CircleDot,
  CircleHelp,
  Clock,
  CloudUpload,
  type LucideIcon,
  X,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Elapsed } from '../../design/Elapsed.tsx';
import { Icon } from '../../design/Icon.tsx';
import { VisuallyHidden } from '../../design/VisuallyHidden.tsx';
import { problemText, stepTitle } from '../../i18n/words.ts';
import css from './Steps.module.css';
import type { LineStatus, StepLine } from './stepLines.ts';
import { tookWords } from './words.ts';

const GLYPHS: Record<LineStatus, LucideIcon> = {
  done: Check,
  already: CheckCheck,
  owed: CloudUpload,
  failed: X,
  unknown: CircleHelp,
  running: CircleDot,
  waiting: Clock,
  'to come': Circle,
};

const CLASSES: Record<LineStatus, string | undefined> = {
  done: css.done,
  already: css.done,
  owed: css.owed,
  failed: css.failed,
  unknown: css.failed,
  running: css.running,
  waiting: css.running,
  'to come': css.toCome,
};

/** A line that goes on has its start, by the clock of this computer, for a display that counts. */
export type ShownLine = StepLine & { since?: number };

/** One line per step: how it went, how long it took, what the device said. */
export function StepList({ lines }: { lines: readonly ShownLine[] }) {
  return (
    <ol className={css.list}>
      {lines.map((line) => (
        <Line key={`${line.id} ${line.at}`} line={line} />
      ))}
    </ol>
  );
}

function Line({ line }: { line: ShownLine }) {
  const { t } = useTranslation('room');
  const { words, problem, status } = line;
  return (
    <li className={CLASSES[status]}>
      {words ? (
        <details className={css.words}>
          <summary className={css.line}>
            <Face line={line} />
          </summary>
          <pre dir="auto">{words}</pre>
        </details>
      ) : (
        <div className={css.line}>
          <Face line={line} />
        </div>
      )}
      {problem && <p className={css.problem}>{t('steps.failedWas', { happened: problemText(problem).happened })}</p>}
    </li>
  );
}

function Face({ line }: { line: ShownLine }) {
  const title = stepTitle(line.id, line.title);
  return (
    <>
      <span className={css.glyph}>
        <Icon icon={GLYPHS[line.status]} size={14} />
      </span>
      <span className={css.title} dir="auto" title={title}>
        {title}
      </span>
      <span className={css.time}>
        <Time line={line} />
      </span>
      <span className={css.more}>{line.words && <Icon icon={ChevronRight} size={14} />}</span>
    </>
  );
}

function Time({ line: { id, status, ms, since } }: { line: ShownLine }) {
  const { t } = useTranslation('room');
  const word = t(`steps.status.${status === 'to come' ? 'toCome' : status}`);
  if (since !== undefined && status === 'running') return <Elapsed what={word} since={since} />;
  if (since !== undefined && status === 'waiting')
    return <Elapsed what={t(`steps.waitingFor.${awaited(id)}`)} since={since} />;
  const isPlain = status === 'done';
  return (
    <>
      {isPlain ? <VisuallyHidden>{word}</VisuallyHidden> : <span>{word}</span>}
      {ms !== null && status !== 'to come' && <span> {tookWords(ms)}</span>}
    </>
  );
}

function awaited(id: string): 'meeting' | 'registration' | 'other' {
  if (id === 'meeting' || id === 'calendar.meeting') return 'meeting';
  return id === 'calendar.registered' ? 'registration' : 'other';
}
