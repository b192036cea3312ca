/** msal, set up for one tenant. It logs nothing: its messages may hold names of persons. */
import {
  ConfidentialClientApplication,
  type Configuration,
  type ICachePlugin,
  type INetworkModule,
  PublicClientApplication,
} from '@azure/msal-node';
import { OtjError } from '../../contract/errors.ts';
import type { Connection } from '../../contract/microsoft/connection.ts';
import type { AppCertificate } from './certificate.ts';
import type { Cloud } from './clouds.ts';

interface Parts {
  connection: Pick<Connection, 'clientId'>;
  cloud: Cloud;
  network: INetworkModule;
}

/** A person signs in. */
export function publicClient(parts: Parts, cachePlugin: ICachePlugin): PublicClientApplication {
  return new PublicClientApplication({ ...configuration(parts), cache: { cachePlugin } });
}

/** The app signs in as itself; its tokens are kept in memory only, because a new one costs nobody anything. */
export function confidentialClient(parts: Parts, certificate: AppCertificate): ConfidentialClientApplication {
  const { auth, system } = configuration(parts);
  const { thumbprintSha256, privateKey, pem } = certificate;
  return new ConfidentialClientApplication({
    auth: { ...auth, clientCertificate: { thumbprintSha256, privateKey, x5c: pem } },
    system,
  });
}

function configuration({ connection: { clientId }, cloud, network }: Parts) {
  const { authority, authorityHost, isMicrosofts } = cloud;
  return {
    // Of a host that Microsoft does not run, msal would ask Microsoft whether it is one of theirs.
    auth: { clientId, authority, knownAuthorities: isMicrosofts ? [] : [authorityHost] },
    system: { networkClient: network, loggerOptions: { piiLoggingEnabled: false, loggerCallback: () => undefined } },
  } satisfies Configuration;
}

/** What comes first: the work, or the wish to stop it. Throws CANCELLED; the work itself ends by its own. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let onAbort = () => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new OtjError('CANCELLED'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  // Whichever is late has nobody left who waits for it.
  work.catch(() => undefined);
  stopped.catch(() => undefined);
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener('abort', onAbort));
}
