/** Options by which a technician decides what the program must not: objections of the checks, and macros in doubt. */
import { InvalidArgumentError, Option } from 'commander';
import { type Accepted, acceptedSchema } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import { decide } from '../services/decide.ts';
import { roomsNamed } from '../services/inventory.ts';
import type { Site } from '../site/site.ts';

export interface Decisions {
  accept?: readonly Accepted[];
  takeMacro?: readonly string[];
  leaveMacro?: readonly string[];
}

export function acceptOption(): Option {
  const means =
    'go ahead in spite of this: call (for this time only), manager, clock, restart, provider, certificate or unread (kept with the named rooms); repeatable';
  return new Option('--accept <objection>', means).argParser((text, all: readonly Accepted[] = []) => {
    const { data } = acceptedSchema.safeParse(text);
    if (!data) throw new InvalidArgumentError(`It is one of ${acceptedSchema.options.join(', ')}.`);
    return [...all, data];
  });
}

export function takeOption(): Option {
  return new Option('--take-macro <name>', 'treat this macro of the named rooms as OTJ’s (repeatable)').argParser(
    listed,
  );
}

export function leaveOption(): Option {
  return new Option('--leave-macro <name>', 'treat this macro of the named rooms as not OTJ’s (repeatable)').argParser(
    listed,
  );
}

function listed(name: string, all: readonly string[] = []): string[] {
  return [...all, name];
}

/** Throws USAGE for a lasting decision without the room it is for, and for a macro that is to be taken and left. */
export function assertDecisions(names: readonly string[], own: Decisions): void {
  const { takeMacro = [], leaveMacro = [] } = own;
  const [lasting] = lastingOf(own);
  if (lasting && names.length === 0) throw new OtjError('USAGE', `--accept ${lasting} is kept with rooms: name them`);
  if (takeMacro.length + leaveMacro.length > 0 && names.length === 0)
    throw new OtjError('USAGE', '--take-macro and --leave-macro are kept with rooms: name them');
  const both = takeMacro.filter((name) => leaveMacro.includes(name));
  if (both.length > 0) throw new OtjError('USAGE', `to be taken and left: ${both.join(', ')}`);
}

/**
 * Keeps what is decided with the named rooms; the newer word on a macro holds. @returns what is accepted for this time
 * Throws ROOM_UNKNOWN, SITE_BUSY.
 */
export function keepDecisions(site: Site, names: readonly string[], own: Decisions): readonly Accepted[] {
  const { accept = [], takeMacro = [], leaveMacro = [] } = own;
  const lasting = lastingOf(own);
  if (lasting.length + takeMacro.length + leaveMacro.length === 0) return accept;
  // Not under the hands of a run that is going on.
  site.takeLock();
  for (const { id, accepted, takeMacros, leaveMacros } of roomsNamed(site, names))
    decide(
      site,
      {
        roomId: id,
        accepted: [...accepted.filter((one) => one !== 'call'), ...lasting],
        takeMacros: [...takeMacros.filter((name) => !leaveMacro.includes(name)), ...takeMacro],
        leaveMacros: [...leaveMacros.filter((name) => !takeMacro.includes(name)), ...leaveMacro],
      },
      takeMacro,
    );
  return accept;
}

function lastingOf({ accept = [] }: Decisions): Exclude<Accepted, 'call'>[] {
  return accept.filter((one) => one !== 'call');
}
