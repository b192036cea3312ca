import { useState } from 'react';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Output } from '../../../main/contract/methods.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { useAction } from '../../design/useAction.ts';
import { useApp } from '../../state/hooks.ts';

export type Written = Output<'report.write'> & { at: number };

export interface ReportFiles {
  /** The files of the last time, in this visit of the screen. */
  written: Written | null;
  problem: Problem | null;
  /** Since when it writes, milliseconds since 1970; null = it does not. */
  since: number | null;
  write(): Promise<void>;
}

/** Writes the report: into a folder that is asked for where this host can ask, else beside the site file. */
export function useReportFiles(): ReportFiles {
  const app = useApp();
  const { since, run } = useAction();
  const [written, setWritten] = useState<Written | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const work = async () => {
    setProblem(null);
    let folder: string | null = null;
    if (app?.fileDialogs) {
      const chosen = await call('files.choose', { what: 'folder', suggested: null });
      if (chosen.path === null) return;
      folder = chosen.path;
    }
    setWritten({ ...(await call('report.write', { folder })), at: Date.now() });
  };
  return {
    written,
    problem,
    since,
    write: async () => void (await run(work, (thrown) => setProblem(problemOf(thrown)))),
  };
}
