/** Calls on the link to Microsoft 365: which tenant, and who is signed in. */
import { connect, connectionView, signInApp, signOut, useAccount } from '../connection.ts';
import type { OpenSite } from '../openSite.ts';
import type { ReachMonitor } from '../reach.ts';
import type { Area } from './area.ts';

/** Longest wait for the tenant to take or refuse a certificate, milliseconds. */
const CERTIFICATE_MS = 60_000;

type Own = 'connection' | 'connect' | 'account' | 'certificate' | 'signOut';
type ConnectionHandlers = Pick<Area<'microsoft'>, `microsoft.${Own}`>;

export function connectionHandlers(open: OpenSite, reach: ReachMonitor): ConnectionHandlers {
  /** Nothing of it changes what a run relies on; but a sign-in under way must not find another tenant. */
  const changed = async (work: () => Promise<unknown>) => {
    open.jobs.assertIdle();
    await work();
    reach.ask();
    open.siteChanged();
    return connectionView(open.site);
  };
  return {
    'microsoft.connection': () => connectionView(open.site),
    'microsoft.connect': (wish) => changed(() => connect(open.site, wish)),
    'microsoft.account': ({ username }) => changed(() => useAccount(open.site, username)),
    'microsoft.certificate': ({ base64 }) =>
      changed(() =>
        signInApp(open.site, Buffer.from(base64, 'base64').toString('latin1'), AbortSignal.timeout(CERTIFICATE_MS)),
      ),
    'microsoft.signOut': (wish) => changed(() => signOut(open.site, wish)),
  };
}
