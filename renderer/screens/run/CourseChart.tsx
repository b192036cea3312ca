import { useTranslation } from 'react-i18next';
import type { Job, Point } from '../../../main/contract/jobs.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import { Card } from '../../design/Card.tsx';
import { useNow } from '../../design/Elapsed.tsx';
import { count, wholeDuration } from '../../i18n/format.ts';
import { courseNow, thinned } from './follow.ts';
import { shortDuration } from './shortDuration.ts';

/** More lines than these nobody wants to hear. */
const MOST_ROWS = 20;

export interface CourseChartProps {
  job: Job;
  course: readonly Point[];
  /** Rooms that ended well. The course counts stopped ones as done, which come last. */
  done: number;
}

/** Rooms done and failed since the work began. */
export function CourseChart({ job, course, done }: CourseChartProps) {
  const { t } = useTranslation('charts');
  const now = useNow();
  const points = courseNow(course, job, now);
  const failed = job.failed;
  const doneAt = (point: Point) => Math.min(done, point.done - point.failed);
  return (
    <Card title={t('course.about')}>
      <LineChart
        title={t('course.about')}
        axes={{ x: 'duration' }}
        goal={{
          count: job.total,
          name: t('course.goal', {
            count: job.total,
            formatted: count(job.total),
          }),
        }}
        series={[
          {
            id: 'done',
            name: t('course.done'),
            value: count(done),
            look: 'main',
            shape: 'steps',
            filled: true,
            dots: points.map(({ ms, ...point }) => ({
              x: ms,
              y: point.done - point.failed,
            })),
          },
          {
            id: 'failed',
            name: t('course.failed'),
            value: count(failed),
            look: 'trouble',
            shape: 'steps',
            filled: false,
            dots: points.map(({ ms, ...point }) => ({
              x: ms,
              y: point.failed,
            })),
          },
        ]}
        tickX={shortDuration}
        tickY={count}
        table={{
          head: [t('course.time'), t('course.done'), t('course.failed')],
          rows: newestOfEach(
            thinned(points, MOST_ROWS).map((point) => [
              wholeDuration(point.ms),
              count(doneAt(point)),
              count(point.failed),
            ]),
          ),
        }}
      />
    </Card>
  );
}

/** A row is known by its time: of several within one second the last stands for all. */
function newestOfEach(rows: readonly string[][]): string[][] {
  return [...new Map(rows.map((row) => [row[0], row])).values()];
}
