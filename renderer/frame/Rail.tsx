import { ClipboardCheck, DoorOpen, FileText, Link2, Play, Radar, RefreshCw, Settings } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { classes } from '../design/classes.ts';
import { Icon } from '../design/Icon.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { count } from '../i18n/format.ts';
import type { Left } from '../state/counts.ts';
import { useLeft, useRunningJob, useSite } from '../state/hooks.ts';
import type { Screen } from '../state/route.ts';
import { hashOf } from '../state/route.ts';
import { PHASES, type Phase } from './phases.ts';
import css from './Rail.module.css';

const ICONS = {
  checks: ClipboardCheck,
  discover: Radar,
  match: Link2,
  rooms: DoorOpen,
  run: Play,
  sync: RefreshCw,
  report: FileText,
  settings: Settings,
};

/** The phases in their order, each with what is left in it. */
export function Rail({ current }: { current: Screen }) {
  const { t } = useTranslation('frame');
  const left = useLeft();
  const site = useSite();
  const job = useRunningJob();
  const running = job && job.total > 0 ? job.total - job.done : 0;
  return (
    <nav className={css.rail} aria-label={t('phases')}>
      <ul className={css.list}>
        {PHASES.map((phase) => (
          <li key={phase} className={classes(phase === 'settings' && css.last)}>
            <Entry
              phase={phase}
              isCurrent={phase === shownAs(current)}
              left={leftIn(phase, left, site?.owed ?? 0, running)}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Entry({ phase, isCurrent, left }: { phase: Phase; isCurrent: boolean; left: number }) {
  const { t } = useTranslation('frame');
  const formatted = count(left);
  return (
    <a
      className={css.entry}
      href={hashOf({ screen: phase, roomId: null })}
      aria-current={isCurrent ? 'page' : undefined}
    >
      <span className={css.icon}>
        <Icon icon={ICONS[phase]} />
      </span>
      <span className={css.name}>{t(`phase.${phase}`)}</span>
      {left > 0 && (
        <span className={css.left}>
          {formatted} <VisuallyHidden>{t('phase.left')}</VisuallyHidden>
        </span>
      )}
    </a>
  );
}

/** A room alone belongs to the rooms. */
function shownAs(screen: Screen): Screen {
  return screen === 'room' ? 'rooms' : screen;
}

function leftIn(phase: Phase, left: Left, owed: number, running: number): number {
  switch (phase) {
    case 'checks':
      return left.prepare;
    case 'discover':
      return left.discover;
    case 'match':
      return left.match;
    case 'rooms':
      return left.rooms;
    case 'run':
      return running;
    case 'sync':
      return owed + left.byHand;
    case 'report':
    case 'settings':
      return 0;
  }
}
