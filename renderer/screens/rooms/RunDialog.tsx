import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import type { TeamAgreed } from '../../../main/contract/team.ts';
import { problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { count, listOf } from '../../i18n/format.ts';
import { familyWord, problemText } from '../../i18n/words.ts';
import { isPoly } from '../../state/family.ts';
import { useReach } from '../../state/hooks.ts';
import { TeamRooms } from '../results/TeamRooms.tsx';
import { FAMILIES } from './order.ts';
import css from './RunDialog.module.css';
import { type RunScope, runScope } from './scope.ts';
import { useBlocked, useStarter } from './useWork.ts';

export interface RunDialogProps {
  /** What was asked for; null = what fits best. */
  mode: 'plan' | 'run' | null;
  /** All rooms that are meant, whatever their state. */
  rooms: readonly RoomRow[];
  /** Whether somebody chose them one by one; else they are all rooms of the site. */
  chosen: boolean;
  /** Prepares these rooms on Infinity instead. */
  onPrepare(rooms: readonly number[]): void;
  onClose(): void;
}

/** Says in numbers what a run would do and what it would leave, before it begins. */
export function RunDialog({ mode: asked, rooms, chosen, onPrepare, onClose }: RunDialogProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const [insist, setInsist] = useState(false);
  const [undone, setUndone] = useState(false);
  const scope = useMemo(() => runScope(rooms, { insist, undone }), [rooms, insist, undone]);
  // A dry run comes first as long as there are rooms that nobody has looked at.
  const [mode, setMode] = useState<'plan' | 'run'>(() => asked ?? (scope.unseen > 0 ? 'plan' : 'run'));
  const [pilots, setPilots] = useState(false);
  const [taken, setTaken] = useState<readonly TeamAgreed[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const blocked = useBlocked();
  const { since, start } = useStarter();
  const go = useRef<HTMLButtonElement>(null);
  const many = amount(scope.ids.length);
  const meant = { rooms: scope.ids, insist };
  // Of rooms that nobody has looked at the kind of device may not be known.
  const mayPilot = mode === 'run' && [...scope.families.keys()].some((family) => family !== 'cisco-roomos');
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={go}
      title={t('run.title')}
      description={chosen ? t('run.selection', amount(rooms.length)) : t('run.open')}
      onSubmit={() => {
        setProblem(null);
        if (scope.ids.length > 0 && blocked === null)
          void start(mode === 'plan' ? { do: mode, ...meant } : { do: mode, ...meant, pilots, taken }, {
            failed: (thrown) => setProblem(problemOf(thrown)),
          });
      }}
      actions={
        <>
          <Blocked blocked={blocked} />
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button
            ref={go}
            submit
            look="primary"
            disabled={scope.ids.length === 0 || blocked !== null}
            busy={since === null ? null : { what: t('run.starting'), since }}
          >
            {t(mode === 'plan' ? 'run.goDry' : 'run.goMigrate', many)}
          </Button>
        </>
      }
    >
      {problem && <ProblemCard problem={problem} />}
      <Mode mode={mode} onChange={setMode} unseen={scope.unseen} />
      <Takes scope={scope} rooms={rooms} mode={mode} />
      <Leaves scope={scope} insist={insist} undone={undone} chosen={chosen} onPrepare={onPrepare} />
      {mode === 'run' && <TeamRooms ids={scope.ids} rooms={rooms} agreed={taken} onAgree={setTaken} />}
      {mayPilot && (
        <Checkbox checked={pilots} onChange={setPilots} label={t('run.pilots')} hint={t('run.pilotsHint')} />
      )}
      {(scope.heldCount > 0 || (chosen && scope.undone.length > 0)) && (
        <div>
          {scope.heldCount > 0 && (
            <Checkbox checked={insist} onChange={setInsist} label={t('run.insist')} hint={t('run.insistHint')} />
          )}
          {chosen && scope.undone.length > 0 && (
            <Checkbox checked={undone} onChange={setUndone} label={t('run.alsoUndone')} />
          )}
        </div>
      )}
    </Dialog>
  );
}

function amount(value: number): { count: number; formatted: string } {
  return { count: value, formatted: count(value) };
}

/** Why the button cannot be pressed. */
export function Blocked({ blocked }: { blocked: 'job' | 'elsewhere' | null }) {
  const { t } = useTranslation(['rooms', 'common']);
  if (blocked === null) return null;
  return <p className={css.blocked}>{t(blocked === 'job' ? 'chosen.wait' : 'chosen.elsewhere')}</p>;
}

function Mode({
  mode,
  onChange,
  unseen,
}: {
  mode: 'plan' | 'run';
  onChange(mode: 'plan' | 'run'): void;
  unseen: number;
}) {
  const { t } = useTranslation(['rooms', 'common']);
  const id = useId();
  const choices = [
    { value: 'plan', label: t('run.dryRun'), hint: t('run.dryRunHint') },
    { value: 'run', label: t('run.migrate'), hint: t('run.migrateHint') },
  ] as const;
  return (
    <div>
      <RadioGroup value={mode} onValueChange={(chosen: 'plan' | 'run') => onChange(chosen)} aria-label={t('run.what')}>
        {choices.map(({ value, label, hint }) => (
          <div key={value} className={css.choice}>
            <Radio.Root
              value={value}
              id={`${id}-${value}`}
              className={css.radio}
              aria-describedby={`${id}-${value}-hint`}
            >
              <Radio.Indicator className={css.dot} />
            </Radio.Root>
            <div>
              <label htmlFor={`${id}-${value}`}>{label}</label>
              <div id={`${id}-${value}-hint`} className={css.soft}>
                {hint}
              </div>
            </div>
          </div>
        ))}
      </RadioGroup>
      {mode === 'run' && unseen > 0 && <p className={css.warn}>{t('run.unseen', amount(unseen))}</p>}
    </div>
  );
}

function Takes({ scope, rooms, mode }: { scope: RunScope; rooms: readonly RoomRow[]; mode: 'plan' | 'run' }) {
  const { t } = useTranslation(['rooms', 'common']);
  const { ids, families, cutOff } = scope;
  const kinds = FAMILIES.flatMap((family) => {
    const many = families.get(family) ?? 0;
    if (many === 0) return [];
    if (family === null) return t('run.familyUnknown', amount(many));
    return t('run.familyCount', { formatted: count(many), family: familyWord(family) });
  });
  return (
    <section aria-label={t('run.takes')}>
      <h3>{t('run.takes')}</h3>
      {ids.length === 0 ? (
        <p>{t('run.nothing')}</p>
      ) : (
        <ul className={css.list}>
          <li>
            {kinds.length > 0
              ? t('run.roomsOf', { rooms: t('count', amount(ids.length)), kinds: listOf(kinds) })
              : t('count', amount(ids.length))}
          </li>
          {cutOff > 0 && <li>{t('run.cutOff', { formatted: count(cutOff) })}</li>}
        </ul>
      )}
      {mode === 'run' && <Offline ids={ids} rooms={rooms} />}
    </section>
  );
}

/** What Infinity being away means for these rooms. */
function Offline({ ids, rooms }: { ids: readonly number[]; rooms: readonly RoomRow[] }) {
  const { t } = useTranslation(['rooms', 'common']);
  const away = useReach()?.infinity.state === 'away';
  const taken = useMemo(() => {
    const meant = new Set(ids);
    return rooms.filter(({ id }) => meant.has(id));
  }, [ids, rooms]);
  if (!away) return null;
  const cisco = taken.filter(({ family }) => family === 'cisco-roomos').length;
  const poly = taken.filter(({ family, onInfinity }) => isPoly(family) && !onInfinity).length;
  return (
    <>
      {cisco > 0 && <p className={css.warn}>{t('run.offlineCisco', amount(cisco))}</p>}
      {poly > 0 && <p className={css.warn}>{t('run.offlinePoly', amount(poly))}</p>}
    </>
  );
}

interface LeavesProps {
  scope: RunScope;
  insist: boolean;
  undone: boolean;
  chosen: boolean;
  onPrepare(rooms: readonly number[]): void;
}

/** Rooms that are not taken, and why. That finished rooms are left needs no word where only open ones are meant. */
function Leaves({ scope, insist, undone, chosen, onPrepare }: LeavesProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const { held, heldCount, noAddress, halfUndone, done, underWay } = scope;
  const others = [
    ['run.noAddress', noAddress],
    ['run.halfUndone', halfUndone],
    ['run.undone', chosen && !undone ? scope.undone : []],
    ['run.done', chosen ? done : []],
    ['run.underWay', underWay],
  ] as const;
  const unprepared = held.find(({ code }) => code === 'NOT_PREPARED')?.ids ?? [];
  const fitting = others.filter(([, ids]) => ids.length > 0);
  const heldBack = heldCount > 0 && !insist;
  if (!heldBack && fitting.length === 0) return null;
  return (
    <section aria-label={t('run.left')}>
      <h3>{t('run.left')}</h3>
      <ul className={css.list}>
        {heldBack && (
          <li>
            {t('run.held', amount(heldCount))}
            <ul className={css.causes}>
              {held.map(({ code, ids }) => (
                <li key={code}>
                  <span className={css.figure}>{count(ids.length)}</span>
                  {code === null ? t('run.unknownReason') : problemText({ code }).happened}
                </li>
              ))}
            </ul>
          </li>
        )}
        {heldBack && unprepared.length > 0 && (
          <li>
            <Button onClick={() => onPrepare(unprepared)}>{t('run.prepare', amount(unprepared.length))}</Button>
          </li>
        )}
        {fitting.map(([key, ids]) => (
          <li key={key}>{t(key, amount(ids.length))}</li>
        ))}
      </ul>
    </section>
  );
}
