/** Giving a line to codecs. */
import { call, problemOf } from '../bridge/bridge.ts';
import { useAction } from '../design/useAction.ts';
import { claimJob } from '../screens/room/ownJobs.ts';
import { useSite } from '../state/hooks.ts';
import { unlocked } from '../state/unlock.ts';
import { addEntry } from './consoleStore.ts';

export interface Sending {
  /** For which rooms of which site, as one word. */
  place: string;
  /** Since when a start is awaited, milliseconds since 1970. */
  since: number | null;
  /** @param apply a line that may change something is sent, and not only shown */
  send(line: string, apply: boolean): Promise<void>;
}

export function useSending(rooms: readonly number[]): Sending {
  const place = `${useSite()?.path ?? ''}\n${rooms.join()}`;
  const { since, run } = useAction();
  const send = async (line: string, apply: boolean) => {
    if (!(await unlocked())) return;
    const entry = { place, line, apply };
    await run(
      async () => {
        const { job } = await call('jobs.xapi', { rooms: [...rooms], line, body: null, apply });
        const [only, ...more] = rooms;
        if (only !== undefined && more.length === 0) claimJob(job, only);
        addEntry({ ...entry, job, problem: null });
      },
      (thrown) => addEntry({ ...entry, job: null, problem: problemOf(thrown) }),
    );
  };
  return { place, since, send };
}
