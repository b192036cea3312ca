/** Doing something that takes a moment, from a button. */
import { useState } from 'react';
import { notifyProblem } from './toasts.ts';

export interface Action {
  /** Since when it works, milliseconds since 1970; null = it does not. Give it to `busy` of a Button. */
  since: number | null;
  /** Does it once at a time. A failure becomes a notice, unless `failed` takes it. @returns whether it went well */
  run(work: () => Promise<unknown>, failed?: (thrown: unknown) => void): Promise<boolean>;
}

export function useAction(): Action {
  const [since, setSince] = useState<number | null>(null);
  return {
    since,
    run: async (work, failed = notifyProblem) => {
      if (since !== null) return false;
      setSince(Date.now());
      try {
        await work();
        return true;
      } catch (thrown) {
        failed(thrown);
        return false;
      } finally {
        setSince(null);
      }
    },
  };
}
