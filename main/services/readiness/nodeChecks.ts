/** Conferencing Nodes of the group's location: whether they are at work, in step, and how a Poly device will meet them. */
import words from '../../../assets/infinity/status-words.json' with { type: 'json' };
import { OtjError } from '../../contract/errors.ts';
import { type Deployment, fqdnOf, nodesOf } from '../../infinity/deployment.ts';
import type { Node } from '../../infinity/resources.ts';
import { lookAtNode, type NodeLook } from './nodeLook.ts';
import { type CheckId, fail, pass, unchecked, unread, type Verdict, warn } from './verdict.ts';

/** A certificate that ends sooner is worth a warning: the rooms will outlive it. */
const SOON_MS = 30 * 86_400_000;
/** More nodes in one location than OTJ uses (at most 5 for each location, a community figure). */
const MOST_LOOKED_AT = 8;
const REPLICATED = new Set(words.replicated);

export interface NodeFacts {
  /** Nodes of the location, not in maintenance. */
  nodes: Node[];
  verdicts: [CheckId, Verdict][];
}

/** What Infinity itself says of them. */
export function nodeVerdicts({ nodes: all, states, group }: Deployment): NodeFacts {
  if (all instanceof OtjError) return { nodes: [], verdicts: [['infinity.nodes', unread(all)], replication([])] };
  const here = nodesOf(all, group?.system_location);
  const nodes = here.filter(({ maintenance_mode }) => !maintenance_mode);
  const resting = here.length - nodes.length;
  const names = nodes.flatMap((node) => fqdnOf(node) ?? []).sort();
  const none = new OtjError('INFINITY_SETUP', 'the location of the endpoint group has no Conferencing Node');
  const count = nodes.length;
  const verdict =
    nodes.length === 0
      ? fail(none)
      : resting > 0
        ? warn(names.join(', '), 'nodes-maintenance', { count: resting })
        : { ...pass(names.join(', ')), count };
  return { nodes, verdicts: [['infinity.nodes', verdict], replication(nodes)] };

  function replication(working: readonly Node[]): [CheckId, Verdict] {
    return ['infinity.replication', states instanceof OtjError ? unread(states) : inStep(states, working)];
  }
}

/** The choices of the two fields are not public, so a word that is not known is a warning and never a failure. */
function inStep(states: readonly { [field: string]: unknown }[], working: readonly Node[]): Verdict {
  const ids = new Set(working.map(({ id }) => id));
  const own = states.filter(({ configuration_id }) => ids.has(Number(configuration_id)));
  const told = own.flatMap(({ name, sync_status, deploy_status }) =>
    [sync_status, deploy_status].flatMap((word) =>
      typeof word === 'string' && word !== '' ? [{ node: String(name), word }] : [],
    ),
  );
  if (told.length === 0) return warn('', 'replication-untold');
  const other = told.filter(({ word }) => !REPLICATED.has(word.toUpperCase()));
  if (other.length === 0) return pass([...new Set(told.map(({ word }) => word))].join(', '), 'replication-ok');
  const evidence = other.map(({ node, word }) => `${node}: ${word}`).join(', ');
  return warn(evidence.slice(0, 500), 'replication-other', { count: new Set(other.map(({ node }) => node)).size });
}

interface LookOptions {
  port: number;
  signal: AbortSignal;
  /** Whether any room has a Poly device: only these sign in to a node. */
  forPoly: boolean;
}

/** What this computer sees of them. It stands where the devices will stand only when it is in their network. */
export async function lookVerdicts(
  nodes: readonly Node[],
  { port, signal, forPoly }: LookOptions,
): Promise<[CheckId, Verdict][]> {
  const wanted = nodes.flatMap((node) => {
    const fqdn = fqdnOf(node);
    return fqdn ? [{ fqdn, address: node.address ?? null }] : [];
  });
  const looks = await Promise.all(wanted.slice(0, MOST_LOOKED_AT).map((node) => lookAtNode(node, port, signal)));
  return [
    ['infinity.reach', reachOf(looks, port)],
    ['infinity.nodeCertificates', certificatesOf(looks, forPoly)],
  ];
}

function reachOf(looks: readonly NodeLook[], port: number): Verdict {
  if (looks.length === 0) return unchecked('');
  const silent = looks.filter(({ certificate }) => certificate === null);
  const nameless = looks.filter(({ resolves }) => !resolves);
  const named = (some: readonly NodeLook[]) => some.map(({ fqdn }) => fqdn).join(', ');
  if (silent.length > 0) return warn(`${named(silent)} (${port})`, 'reach-silent', { count: silent.length });
  if (nameless.length > 0) return warn(named(nameless), 'reach-names', { count: nameless.length });
  return pass(named(looks), 'reach-ok', { count: looks.length });
}

/** The worst of them is what is told. */
function certificatesOf(looks: readonly NodeLook[], forPoly: boolean): Verdict {
  const seen = looks.flatMap(({ fqdn, certificate }) => (certificate ? [{ fqdn, ...certificate }] : []));
  if (seen.length === 0)
    return looks.length === 0
      ? unchecked('')
      : warn(looks.map(({ fqdn }) => fqdn).join(', '), 'certificates-unseen', { count: looks.length });
  const now = Date.now();
  const words = ({ fqdn, subject, names, issuer, chain, validTo }: (typeof seen)[number]) =>
    `${fqdn}: ${subject}; ${names || '–'}; ${issuer}; ${chain}; ${validTo.toISOString().slice(0, 10)}`;
  const told = (some: typeof seen) => ({ evidence: some.map(words).join(' | ').slice(0, 800), count: some.length });
  const expired = seen.filter(({ validTo }) => validTo.getTime() < now);
  if (expired.length > 0) {
    const { evidence, count } = told(expired);
    return forPoly
      ? fail(new OtjError('INFINITY_SETUP', evidence), 'certificates-expired', { count })
      : warn(evidence, 'certificates-expired', { count });
  }
  const trouble = [
    ['certificates-names', seen.filter(({ namesIt }) => !namesIt)],
    ['certificates-untrusted', seen.filter(({ trusted }) => !trusted)],
    ['certificates-soon', seen.filter(({ validTo }) => validTo.getTime() < now + SOON_MS)],
  ] as const;
  for (const [reason, some] of trouble) {
    const { evidence, count } = told(some);
    if (count > 0) return warn(evidence, reason, { count });
  }
  const { evidence, count } = told(seen);
  return pass(evidence, 'certificates-ok', { count });
}
