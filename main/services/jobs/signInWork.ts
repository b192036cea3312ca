/** The job of a sign-in: it waits for a person, changes no room, and so keeps the file from nobody. */
import type { Parsed } from '../../contract/methods.ts';
import { connectionOf, signInPerson } from '../connection.ts';
import type { OpenSite } from '../openSite.ts';

/** @returns the job's id. Throws M365_NOT_SET, VAULT_LOCKED, JOB_RUNNING. */
export function startSignIn(open: OpenSite, { way, features }: Parsed<'jobs.signIn'>): number {
  const { site, jobs, ports } = open;
  jobs.assertIdle();
  void site.vault;
  connectionOf(site);
  return jobs.start({ kind: 'sign-in', total: 0, pausable: false }, async (job) => {
    try {
      const { username, missing } = await signInPerson(site, {
        way,
        features,
        signal: job.signal,
        openUrl: (url) => ports.openUrl(url),
        prompt: (prompt) => job.ask(prompt),
      });
      return { kind: 'sign-in', username, missing };
    } finally {
      open.siteChanged();
    }
  });
}
