/** Infinity's own word for a room, for people. */
import type { Proof, ProofCause } from '../contract/infinity.ts';
import { clean, type Output } from './output.ts';

const CAUSES: Record<ProofCause, string> = {
  'no-entry': 'Infinity has no entry for this room: run otj prepare, or otj sync.',
  unreachable:
    'The Conferencing Node does not get to the codec: nobody has signed in to its account since the change. See routing and firewalls between node and codec, port 443.',
  account:
    'The codec refuses the account that Infinity uses. Try the room again with otj run, which makes it anew on both sides.',
  certificate: 'The node checks the codec’s certificate and does not accept it. Set verify_cert to NO in the entry.',
  mailbox:
    'The node gets to the device, but there are no meetings for it. See whether the calendar integration may read this mailbox.',
  'other-source': 'Infinity pushed meetings and the device shows none: something else writes its bookings.',
  'poly-login':
    'The device has not signed in at a node. See whether it resolves and reaches the node’s name on port 443, and trusts its certificate.',
  'never-asked': 'Infinity has not reached the codec, and nobody has asked the codec yet: otj sync --look does.',
  alarm: 'Infinity has raised an alarm about it.',
};

const STATES: Record<Proof['state'], string> = {
  proven: '● Infinity serves it',
  replicating: '◐ the change is on its way to the nodes, about a minute',
  waiting: '◐ not reached yet, which can take some minutes',
  late: '▲ not reached in time',
};

export function sayProof(
  out: Output,
  room: string,
  { state, lastContact, node, meetings, cause, evidence }: Proof,
): void {
  const seen = [node, lastContact, meetings === null ? null : `${meetings} meetings`].filter((part) => part !== null);
  const told = state === 'proven' && seen.length > 0 ? ` (${clean(seen.join(', '))})` : '';
  out.say(`${STATES[state]}: ${clean(room)}${told}`);
  if (cause) out.say(`    likely:   ${CAUSES[cause]}`);
  for (const line of evidence) out.say(`    seen:     ${clean(line)}`);
}
