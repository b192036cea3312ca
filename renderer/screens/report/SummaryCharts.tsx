import { median } from 'd3-array';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../main/contract/methods.ts';
import type { RoomState } from '../../../main/contract/plan.ts';
import { type Bucket, bucketsOf } from '../../charts/buckets.ts';
import { Histogram } from '../../charts/Histogram.tsx';
import { LineChart } from '../../charts/LineChart.tsx';
import { StateBar } from '../../charts/StateBar.tsx';
import { Card } from '../../design/Card.tsx';
import { StateGlyph } from '../../design/StateBadge.tsx';
import { clock, count, day, duration, moment } from '../../i18n/format.ts';
import { stateWord } from '../../i18n/words.ts';
import { thinned } from '../run/follow.ts';
import { finishedCourse, rangeOf, WITHOUT_EDGES } from './figures.ts';
import css from './Report.module.css';

type Summary = Output<'report.summary'>;

/** From finished to untouched, as in the hand-over report. */
const BAR_ORDER: readonly RoomState[] = [
  'migrated',
  'awaiting sync',
  'needs attention',
  'in progress',
  'ready',
  'not started',
  'undone',
];
const MOST_ROWS = 20;
const DAY_MS = 86_400_000;

/** All rooms by where they stand. */
export function States({ counts }: Pick<Summary, 'counts'>) {
  const { t } = useTranslation(['report', 'charts']);
  const total = BAR_ORDER.reduce((sum, state) => sum + counts[state], 0);
  return (
    <Card title={t('states.title', { count: total, formatted: count(total) })}>
      <StateBar
        title={t('charts:states.about')}
        parts={BAR_ORDER.map((state) => ({
          id: state,
          count: counts[state],
          value: count(counts[state]),
          name: stateWord(state),
          glyph: <StateGlyph state={state} />,
        }))}
      />
    </Card>
  );
}

/** How long rooms were without meetings, from the old service's end to Infinity's first one. */
export function WithoutOtj({ without }: Pick<Summary, 'without'>) {
  const { t } = useTranslation(['report', 'charts']);
  const rangeWord = ({ from, until }: Bucket) => {
    const { kind, ...words } = rangeOf(from, until);
    return t(`charts:without.${kind}`, { from: count(words.from), until: count(words.until), unit: words.unit });
  };
  const buckets = bucketsOf(without, WITHOUT_EDGES);
  const middle = median(without);
  return (
    <Card title={t('charts:without.about')}>
      {middle === undefined ? (
        <p className={css.soft}>{t('without.none')}</p>
      ) : (
        <>
          <p>
            {t('without.told', {
              count: without.length,
              formatted: count(without.length),
              middle: duration(middle),
              longest: duration(Math.max(...without)),
            })}
          </p>
          <Histogram
            title={t('charts:without.about')}
            buckets={buckets}
            rangeWord={rangeWord}
            countWord={count}
            table={{
              head: [t('charts:without.range'), t('charts:without.rooms')],
              rows: buckets.map((bucket) => [rangeWord(bucket), count(bucket.count)]),
            }}
          />
        </>
      )}
    </Card>
  );
}

/** When the rooms were finished. */
export function Finished({ finished }: Pick<Summary, 'finished'>) {
  const { t } = useTranslation(['report', 'charts']);
  const dots = finishedCourse(finished);
  const first = dots.at(0)?.x ?? 0;
  const last = dots.at(-1)?.x ?? 0;
  const tick = last - first > DAY_MS ? day : minutes;
  return (
    <Card title={t('charts:finished.about')}>
      {dots.length === 0 ? (
        <p className={css.soft}>{t('finished.none')}</p>
      ) : (
        <LineChart
          title={t('charts:finished.about')}
          axes={{ x: 'moment' }}
          series={[
            {
              id: 'finished',
              name: t('charts:finished.rooms'),
              value: count(dots.length),
              look: 'main',
              shape: 'steps',
              filled: true,
              dots,
            },
          ]}
          tickX={tick}
          tickY={count}
          table={{
            head: [t('charts:finished.moment'), t('charts:finished.rooms')],
            rows: thinned(dots, MOST_ROWS).map(({ x, y }) => [moment(x), count(y)]),
          }}
        />
      )}
    </Card>
  );
}

/** `14:02`, with seconds only where a tick stands between minutes. */
function minutes(at: number): string {
  const whole = clock(at);
  return whole.endsWith('00') ? whole.slice(0, -3) : whole;
}
