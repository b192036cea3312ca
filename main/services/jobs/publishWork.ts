/** The job of a publish: rooms whose results are news, then the report files. */

import type { Room } from '../../site/rooms.ts';
import { authoritiesOf, withGraph } from '../graph.ts';
import type { OpenSite } from '../openSite.ts';
import { type Delivery, publish } from '../results/publish.ts';
import { uploadReports } from '../results/reports.ts';
import { startOnSite, type Work } from './onSite.ts';

/** @param rooms null = all that is owed. @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startPublish(open: OpenSite, rooms: readonly Room[] | null): number {
  const total = rooms?.length ?? open.site.results.owedCount();
  return startOnSite(open, { kind: 'publish', total, pausable: false }, (work) =>
    withGraph(work.site, async (graph) => {
      const { site, job } = work;
      const { signal } = job;
      const result = await publish(site, { graph, rooms, signal, told: (one) => told(work, one) });
      const files = await uploadReports(site, { graph, ca: authoritiesOf(site), signal });
      for (const { path, problem, url } of files)
        if (problem)
          job.item({ roomId: null, about: path, what: 'failed', words: problem.words ?? url ?? '', problem });
      return { kind: 'publish', ...result, owed: result.owed + files.filter(({ problem }) => problem).length };
    }),
  );
}

function told({ job, moved }: Work, { room, what, problem, theirs }: Delivery): void {
  if (what !== 'same')
    job.item({
      roomId: room.id,
      about: room.name,
      what: problem ? 'failed' : 'published',
      words: problem ? (problem.words ?? '') : theirs.join(', '),
      problem,
    });
  job.count(problem !== null);
  moved(room.id);
}
