/** How a job went over time, in few points however long it was. */
import type { Point } from '../../contract/jobs.ts';

const MOST_POINTS = 500;

export class Course {
  private points: Point[] = [];
  private last: Point | null = null;
  /** Every how many changes a point is kept; doubled whenever half of the points are dropped. */
  private every = 1;
  private since = 0;

  add(point: Point): void {
    this.last = point;
    this.since++;
    if (this.since < this.every) return;
    this.since = 0;
    this.points.push(point);
    if (this.points.length < MOST_POINTS) return;
    this.points = this.points.filter((_, at) => at % 2 === 0);
    this.every *= 2;
  }

  /** At most 500, oldest first; the newest is always among them. */
  all(): Point[] {
    const { last, points } = this;
    return last && points.at(-1) !== last ? [...points, last] : [...points];
  }
}
