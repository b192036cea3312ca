import { ArrowRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { classes } from '../../design/classes.ts';
import { Icon } from '../../design/Icon.tsx';
import { bytes, count, moment } from '../../i18n/format.ts';
import { stepTitle } from '../../i18n/words.ts';
import { DecisionList } from './DecisionList.tsx';
import css from './Plan.module.css';
import { changesMade, checksOf, isRedacted, type PlanRow, planTable } from './planTable.ts';
import room from './Room.module.css';
import { Title } from './Title.tsx';
import type { Deeds } from './useDeeds.ts';
import { shortHash } from './words.ts';

export interface PlanTabProps {
  room: RoomRow;
  detail: RoomDetail | null;
  slow: boolean;
  deeds: Deeds;
}

/** What will change, setting by setting, and what a person has decided about it; what stays is folded away. */
export function PlanTab({ room: row, detail, slow, deeds }: PlanTabProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  if (!detail) return slow ? <p className={room.soft}>{common('loading')}</p> : null;
  return (
    <div className={room.parts}>
      {detail.plan ? (
        <Changes row={row} plan={detail.plan} detail={detail} />
      ) : (
        <p className={room.soft}>{t('plan.none')}</p>
      )}
      <DecisionList detail={detail} deeds={deeds} />
    </div>
  );
}

interface ChangesProps {
  row: RoomRow;
  plan: NonNullable<RoomDetail['plan']>;
  detail: RoomDetail;
}

function Changes({ row, plan, detail: { backup, steps } }: ChangesProps) {
  const { t } = useTranslation('room');
  const isDone = row.state === 'migrated' || row.state === 'awaiting sync';
  // What a person has typed is in no record of steps: the plan that was typed is all there is.
  const isByHand = plan.steps.some(({ id }) => id.startsWith('hand:'));
  const { changing, same, kept } = planTable(isDone && !isByHand ? changesMade(steps, backup) : plan.steps, backup);
  const notable = isDone && !isByHand ? [] : plan.steps.filter((step) => step.notable);
  const checks = isDone ? [] : checksOf(plan.steps).filter((step) => !step.notable);
  return (
    <div className={css.plan}>
      <div className={css.title}>
        <Title>{isDone ? t('plan.titleUndo') : t('plan.title')}</Title>
        {!isDone && <span className={room.soft}>{t('plan.made', { moment: moment(plan.madeAt) })}</span>}
      </div>
      {notable.map(({ id, title }) => (
        <p key={id} className={css.notable} dir="auto">
          {stepTitle(id, title)}
        </p>
      ))}
      {changing.length + kept.length === 0 ? (
        <p>{t('plan.unchanged')}</p>
      ) : (
        <ul className={css.rows}>
          {changing.map((change) => (
            <Row key={change.key} row={change} />
          ))}
          {kept.map((name) => (
            <li key={name} className={css.row}>
              <span className={css.setting} dir="auto" title={name}>
                {t('plan.keptMacro', { name })}
              </span>
              <span className={css.word}>{t('plan.kept')}</span>
            </li>
          ))}
        </ul>
      )}
      {same.length > 0 && (
        <details className={css.same}>
          <summary>{t('plan.same', { count: same.length, formatted: count(same.length) })}</summary>
          <ul className={css.rows}>
            {same.map(({ key, setting, after }) => (
              <li key={key} className={css.row}>
                <span className={css.setting} dir="auto" title={setting}>
                  {setting}
                </span>
                <Value value={after} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {checks.length > 0 && (
        <details className={css.same}>
          <summary>{t('plan.checks', { count: checks.length, formatted: count(checks.length) })}</summary>
          <ul className={css.rows}>
            {checks.map(({ id, title }) => (
              <li key={id} className={css.check} dir="auto">
                {stepTitle(id, title)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Row({ row: { setting, before, after, why, backup } }: { row: PlanRow }) {
  const { t } = useTranslation('room');
  return (
    <li className={css.row}>
      <span className={css.setting} dir="auto" title={setting}>
        {setting}
      </span>
      <span className={css.change}>
        {before === null ? <span className={css.word}>{t('plan.new')}</span> : <Value value={before} />}
        <span className={css.arrow}>
          <Icon icon={ArrowRight} size={14} />
        </span>
        {after === null ? <span className={css.word}>{t('plan.removed')}</span> : <Value value={after} />}
      </span>
      {backup && (
        <span className={css.backup}>
          {t('plan.backup', { bytes: bytes(backup.bytes), hash: shortHash(backup.sha256) })}
        </span>
      )}
      {why && (
        <details className={css.why}>
          <summary aria-label={t('plan.whyOf', { setting })}>{t('plan.why')}</summary>
          <ul>
            {why.split('; ').map((reason) => (
              <li key={reason} dir="auto">
                {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** Longer values are clipped; their tooltip has them whole. Characters. */
const LONGEST_VALUE = 240;

/** What a device holds, in its own letters; a secret is a word of ours. */
function Value({ value }: { value: string | null }) {
  const { t } = useTranslation('room');
  if (value === null) return <span className={css.word}>{t('plan.nothing')}</span>;
  return (
    <span className={classes(css.value, isRedacted(value) ? css.word : css.mono)} dir="auto" title={value}>
      {value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value}
    </span>
  );
}
