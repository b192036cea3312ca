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

const WRITE_KEY = 'infinity.write';
/** Whether which login, as it was stored then, could last write an OTJ endpoint on which node. */
const writeSchema = z.object({ version: z.string(), node: z.string(), permitted: z.boolean(), at: z.string() });
type Write = z.infer<typeof writeSchema>;

/**
 * How the last write of an OTJ endpoint by the site's login ended; null = it has written none yet. Infinity tells a role's rights nowhere else,
 * so before the first write nobody knows.
 */
export function lastWrite(site: Site): Pick<Write, 'permitted' | 'at'> | null {
  const { infinity } = site.settings;
  const kept = writeSchema.safeParse(site.kept(WRITE_KEY)).data;
  const isStored = site.credentials().some(({ purpose }) => purpose === 'infinity');
  if (!infinity || !kept || !isStored || kept.node !== nameOf(infinity)) return null;
  return kept.version === site.credential('infinity').version ? kept : null;
}

/** A role that may only read is told before a device is touched. Throws INFINITY_FORBIDDEN. */
export function assertMayWrite(site: Site): void {
  const last = lastWrite(site);
  if (last?.permitted === false)
    throw new OtjError('INFINITY_FORBIDDEN', `its last write was refused, ${last.at}; a prepare or a sync tries again`);
}

/** Kept only when it is news. */
export function noteWrite(site: Site, node: Node, { version }: Credential, permitted: boolean): void {
  if (lastWrite(site)?.permitted === permitted) return;
  site.keep(WRITE_KEY, { version, node: nameOf(node), permitted, at: new Date().toISOString() } satisfies Write);
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
