import type { AnyPolySpec, Faults } from './types.ts';

/** What is odd about a Poly device of a site with troubles of this kind. */
interface PolyTrouble {
  kind: PolyTroubleKind;
  /** `harmless`: a client may notice, and needs nobody. `once`: over after the first time. `stays`: until it is ended. */
  lasts: 'harmless' | 'once' | 'stays';
  /** For people. */
  note: string;
}

export type PolyTroubleKind =
  | 'drops-reply'
  | 'cut-in-write'
  | 'forgets'
  | 'refuses'
  | 'overwritten'
  | 'in-call'
  | 'teams'
  | 'off'
  | 'slow'
  | 'chatter'
  | 'sessions-full'
  | 'busy'
  | 'restarts'
  | 'rest-off';

export interface Kind extends PolyTrouble {
  faults?: Faults;
  /** Families that know the fault; all with a calendar when absent. */
  only?: readonly AnyPolySpec['kind'][];
}

/** The server's setting, by the lab's keys. */
const SERVER = ['cal.ews.server', 'exchange.server.url'];

const KINDS: readonly Kind[] = [
  {
    kind: 'cut-in-write',
    lasts: 'once',
    note: 'Cuts the connection between two settings, once.',
    faults: { dropAfterVars: 2 },
  },
  {
    kind: 'overwritten',
    lasts: 'stays',
    note: 'A provisioning server puts the calendar back.',
  },
  { kind: 'slow', lasts: 'harmless', note: 'Takes a third of a second for each answer.', faults: { slowMs: 300 } },
  {
    kind: 'forgets',
    lasts: 'stays',
    note: 'Says that the server is set, and keeps the old one.',
    faults: { forget: SERVER },
  },
  { kind: 'in-call', lasts: 'stays', note: 'Is in a call.', faults: { inCall: true } },
  {
    kind: 'drops-reply',
    lasts: 'once',
    note: 'Loses the reply to a write, once.',
  },
  {
    kind: 'refuses',
    lasts: 'stays',
    note: 'Refuses the server, and takes all else.',
    faults: { refuse: Object.fromEntries(SERVER.map((key) => [key, '5000'])) },
  },
  {
    kind: 'chatter',
    lasts: 'harmless',
    note: 'Says things that nobody asked for, in small pieces.',
    faults: { chatter: true, splitBytes: 5 },
    only: ['poly-group'],
  },
  { kind: 'off', lasts: 'stays', note: 'Is switched off.', faults: { off: true } },
  { kind: 'busy', lasts: 'once', note: 'Is busy for two requests.', faults: { busyRequests: 2 } },
  {
    kind: 'teams',
    lasts: 'stays',
    note: 'Microsoft Teams runs on it.',
    faults: { teamsMode: true },
  },
  {
    kind: 'sessions-full',
    lasts: 'stays',
    note: 'Others have left all its sessions open.',
    faults: { sessionsFull: true },
    only: ['poly-videoos', 'poly-group'],
  },
  {
    kind: 'restarts',
    lasts: 'once',
    note: 'Restarts after a write, in place of a reply, once.',
  },
  { kind: 'rest-off', lasts: 'stays', note: 'Its REST is off.', only: ['poly-trio'] },
];

/** Of those that its family knows the one that has been given least; those of one family only come first. */
export function polyTroubleOf(kind: AnyPolySpec['kind'], given: readonly PolyTroubleKind[]): Kind | undefined {
  if (kind === 'poly-hdx' || kind === 'poly-debut') return undefined;
  const times = (one: Kind): number => given.filter((other) => other === one.kind).length;
  const breadth = (one: Kind): number => one.only?.length ?? Number.POSITIVE_INFINITY;
  return KINDS.filter(({ only }) => only === undefined || only.includes(kind)).toSorted(
    (a, b) => times(a) - times(b) || (breadth(a) === breadth(b) ? 0 : breadth(a) - breadth(b)),
  )[0];
}

export function withTrouble<Spec extends AnyPolySpec>(spec: Spec, trouble: Kind): Spec {
  // Part of each write over REST, and of nothing that is only read.
  const write = spec.kind === 'poly-trio' ? 'config/set' : '"vars"';
  const faults = {
    ...spec.faults,
    ...structuredClone(trouble.faults),
    ...(trouble.kind === 'drops-reply' ? { dropOnce: write } : {}),
    ...(trouble.kind === 'restarts' ? { rebootOn: write } : {}),
  };
  return {
    ...spec,
    faults,
    ...(trouble.kind === 'rest-off' ? { rest: false } : {}),
    ...(trouble.kind === 'overwritten' ? { provisioningServer: 'rm.nordbank.example', provisioning: {} } : {}),
  };
}
