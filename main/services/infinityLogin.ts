/**
 * What Infinity has said of the site's login. One that it refused is not tried again, whatever work is begun: accounts are
 * locked after some failed tries, and the platform's administrators with them. It is free again when it is stored anew, or
 * when another Management Node is set.
 */
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import type { InfinityAddress } from '../contract/site.ts';
import type { Credential, Site } from '../site/site.ts';

const KEY = 'infinity.refused';
/** Which login, as it was stored then, was refused by which node. */
const refusalSchema = z.object({ version: z.string(), node: z.string(), at: z.string() });

type Node = Pick<InfinityAddress, 'address' | 'port'>;
const nameOf = ({ address, port }: Node) => `${address}:${port}`;

/** Throws INFINITY_LOGIN_PAUSED. */
export function assertNotRefused(site: Site, node: Node, { version, username }: Credential): void {
  const refusal = refusalSchema.safeParse(site.kept(KEY)).data;
  if (refusal?.version !== version || refusal.node !== nameOf(node)) return;
  throw new OtjError('INFINITY_LOGIN_PAUSED', `as ${username}, refused ${refusal.at}`);
}

/** The same of the login that the site has, if it has one and a node to go to. Asks nobody. Throws INFINITY_LOGIN_PAUSED. */
export function assertLoginNotPaused(site: Site): void {
  const { infinity } = site.settings;
  const isStored = site.credentials().some(({ purpose }) => purpose === 'infinity');
  if (infinity && isStored) assertNotRefused(site, infinity, site.credential('infinity'));
}

/** The first word of a client about its login. */
export function noteLogin(site: Site, node: Node, { id, version }: Credential, accepted: boolean): void {
  if (accepted) {
    site.proveCredential(id);
    return;
  }
  site.keep(KEY, { version, node: nameOf(node), at: new Date().toISOString() } satisfies z.infer<typeof refusalSchema>);
  site.withdrawProof(id, version);
}
