/** `otj discover`: looks for devices at addresses, listens for those that announce themselves. */
import { type Command, InvalidArgumentError } from 'commander';
import { OtjError } from '../contract/errors.ts';
import type { Conflict, Listening } from '../contract/evidence.ts';
import { ownNetworks } from '../discovery/networks.ts';
import { nameOf } from '../discovery/verdict.ts';
import { type Confirmed, confirmIdentities } from '../services/confirm.ts';
import {
  addressesFor,
  type DiscoverProgress,
  type DiscoverResult,
  discover,
  type Found,
} from '../services/discover.ts';
import { ListeningSession } from '../services/listening.ts';
import type { Recorded } from '../services/sightings.ts';
import type { SearchWish } from '../site/evidence.ts';
import type { Site } from '../site/site.ts';
import { type Context, withSite } from './context.ts';
import { clean, duration, type Output } from './output.ts';

export function addDiscoverCommand(program: Command): void {
  program
    .command('discover')
    .summary('look for endpoints on the network')
    .description(
      'Looks which devices answer and what each is, by what it shows to everybody: no login is tried. Without ranges it looks at the addresses of the room list. What is found is recorded with its evidence; a search that was stopped is carried on with --resume.',
    )
    .argument('<site>')
    .argument(
      '[ranges...]',
      'e.g. 10.20.3.0/24 or 10.20.3.10-40; with ! before it: not these; `own`: this computer’s networks',
    )
    .option('--ssh-port <port>', 'SSH port to look at', port)
    .option('--https-port <port>', 'HTTPS port to look at', port)
    .option('--rate <number>', 'connection attempts per second; see also otj settings', positive)
    .option('--public', 'also addresses that are not private: you have asked whose they are')
    .option('--confirm', 'afterwards log in to what was recognised, one try per device, and record who each says it is')
    .option('--resume', 'carry on with the search that was stopped')
    .option(
      '--listen [seconds]',
      'also listen for devices that announce themselves (SSDP, mDNS), on every interface; without a number until Ctrl-C',
      positive,
    )
    .addHelpText(
      'after',
      `
With --json: progress, found, moved, conflict, trouble, confirmed and result, one object per line.
Ctrl-C stops a search within a second; the addresses not looked at yet wait for --resume.`,
    )
    .action(run);
}

interface Flags {
  sshPort?: number;
  httpsPort?: number;
  rate?: number;
  public?: boolean;
  confirm?: boolean;
  resume?: boolean;
  listen?: number | true;
}

function run(path: string, typed: string[], flags: Flags, command: Command): Promise<void> {
  const unlock = flags.confirm === true;
  const check = (site: Site) => void wishOf(site, typed, flags);
  return withSite(path, command.optsWithGlobals(), { unlock, change: true, check }, async (context) => {
    const { site, out, signal } = context;
    const { wish, from, looks } = wishOf(site, typed, flags);
    const listening = flags.listen === undefined ? null : listen(context);
    const result = looks ? await search(context, wish, { from, flags }) : null;
    if (listening) await listening.until(flags.listen === true ? null : (flags.listen ?? 0), signal);
    out.progress('');
    if (!result) return 0;
    const unfinished = site.evidence.search() !== null;
    if (unfinished) out.say(`Stopped before the end. Carry on: otj discover ${path} --resume`);
    return unfinished ? 1 : 0;
  });
}

/** Throws USAGE, NOTHING_TO_RESUME, and as `addressesFor` does. */
function wishOf(
  site: Site,
  typed: readonly string[],
  flags: Flags,
): { wish: SearchWish; from: number; looks: boolean } {
  const { sshPort, httpsPort } = site.settings;
  if (flags.resume && typed.length > 0) throw new OtjError('USAGE', '--resume has the ranges already');
  const kept = flags.resume ? site.evidence.search() : null;
  if (flags.resume && !kept) throw new OtjError('NOTHING_TO_RESUME');
  const own = typed.includes('own') ? ownNetworks().map(({ range }) => range) : [];
  const ranges = [...typed.filter((text) => text !== 'own'), ...own];
  const fresh = {
    ranges,
    sshPort: flags.sshPort ?? sshPort,
    httpsPort: flags.httpsPort ?? httpsPort,
    allowPublic: flags.public === true,
  };
  const wish = kept?.wish ?? fresh;
  const { size } = addressesFor(site, wish);
  const from = kept && kept.unfinished.total === size ? kept.unfinished.looked : 0;
  // Whoever only listens need not look anywhere.
  const looks = flags.resume === true || typed.length > 0 || flags.listen === undefined;
  return { wish, from, looks };
}

async function search(
  { site, out, signal }: Context,
  wish: SearchWish,
  { from, flags }: { from: number; flags: Flags },
): Promise<DiscoverResult> {
  const began = performance.now();
  const all: Found[] = [];
  let toldAt = began;
  const result = await discover(site, {
    ...wish,
    from,
    ...(flags.rate === undefined ? {} : { rate: flags.rate }),
    signal,
    progress(progress) {
      const left = leftMs(progress, from, performance.now() - began);
      out.progress(progressWords(progress, left));
      if (performance.now() - toldAt < 1_000) return;
      toldAt = performance.now();
      out.emit({ type: 'progress', ...progress, remaining: progress.total - progress.looked, leftMs: left });
    },
    found(one) {
      all.push(one);
      out.emit({ type: 'found', ...one });
      if (one.movedFrom) out.emit({ type: 'moved', address: one.address, from: one.movedFrom, room: one.room });
      for (const conflict of one.conflicts) out.emit({ type: 'conflict', address: one.address, ...conflict });
    },
    trouble: (words) => tellTrouble(out, words),
  });
  out.progress('');
  sayFound(out, all);
  for (const { room, address } of result.silent) out.say(`▲ ${clean(room)}: nothing answers at ${address}`);
  if (result.noRoute > 0) out.say(`▲ This computer had no way to ${result.noRoute} of the addresses.`);
  const { looked, total, answered, recognised, ours } = result;
  const atRooms = all.filter(({ roomId }) => roomId !== null).length;
  out.say(
    `${looked} of ${total} addresses looked at in ${duration(performance.now() - began)}: ${answered} answered, ${recognised} recognised, ${ours} of them room systems; ${atRooms} are at an address of the room list.`,
  );
  const confirmed = flags.confirm && !signal.aborted ? await confirm({ site, out, signal }, all) : null;
  out.emit({ type: 'result', ...result, found: answered, confirmed });
  return result;
}

function leftMs({ looked, total }: DiscoverProgress, from: number, elapsedMs: number): number {
  return looked > from ? Math.round((elapsedMs / (looked - from)) * (total - looked)) : 0;
}

function progressWords({ looked, total, answered, recognised }: DiscoverProgress, left: number): string {
  return `looked at ${looked} of ${total} addresses · ${answered} found · ${recognised} recognised · ${total - looked} remaining · about ${duration(left)} left`;
}

function sayFound(out: Output, all: readonly Found[]): void {
  const rank = ({ ours }: Found) => (ours ? 0 : ours === null ? 1 : 2);
  out.table(
    ['address', 'what', 'room', 'evidence'],
    [...all]
      .sort((a, b) => rank(a) - rank(b))
      .map(({ address, kind, ours, room, evidence }) => [
        address,
        kind ? `${nameOf(kind)}${ours ? '' : ' (not ours)'}` : 'not recognised',
        room,
        evidence,
      ]),
    ['evidence'],
  );
  for (const { address, movedFrom, room, conflicts } of all) {
    if (movedFrom) out.say(`↪ ${clean(room ?? 'a device')} has moved from ${movedFrom} to ${address}`);
    sayConflicts(out, address, conflicts);
  }
}

function sayConflicts(out: Output, address: string, conflicts: readonly Conflict[]): void {
  for (const { about, words } of conflicts)
    out.say(
      about === 'move'
        ? `▲ ${address}: perhaps a room’s device that has moved (${clean(words)}); log in to make sure: otj discover SITE ${address} --confirm`
        : `▲ ${address}: sources disagree about the ${about}: ${clean(words)}`,
    );
}

async function confirm(
  { site, out, signal }: Pick<Context, 'site' | 'out' | 'signal'>,
  all: readonly Found[],
): Promise<number> {
  const addresses = new Set(all.flatMap(({ address, family }) => (family ? [address] : [])));
  const told = await confirmIdentities(site, addresses, { signal, confirmed: (one) => sayConfirmed(out, one) });
  out.say(`${told} of ${addresses.size} devices told who they are.`);
  return told;
}

function sayConfirmed(out: Output, { endpoint, identity, movedFrom, problem }: Confirmed): void {
  const { address, conflicts } = endpoint;
  out.emit({ type: 'confirmed', address, identity, movedFrom, problem });
  if (problem) out.problem(problem, address);
  else if (identity)
    out.say(
      `● ${address}: ${clean([identity.model, identity.software, identity.serial, identity.mac].filter(Boolean).join(', '))}`,
    );
  if (movedFrom) out.say(`↪ it has moved here from ${movedFrom}`);
  sayConflicts(out, address, conflicts);
}

/** Begins at once; `until` waits. */
function listen({ site, out }: Context): { until(seconds: number | null, signal: AbortSignal): Promise<void> } {
  let told = 0;
  const session = new ListeningSession({
    site,
    // The command has the lock for all of its time.
    write(work) {
      work();
      return true;
    },
    recorded: (one) => sayHeard(out, one),
    changed({ interfaces, heard, recorded, troubles }: Listening) {
      for (const { at, words } of troubles) {
        if (Date.parse(at) <= told) continue;
        told = Date.parse(at);
        tellTrouble(out, words);
      }
      out.progress(`listening on ${interfaces.join(', ') || 'no interface'}: ${heard} messages, ${recorded} devices`);
    },
  });
  return {
    async until(seconds, signal) {
      out.say(`Listening${seconds === null ? ' until Ctrl-C' : ` for ${seconds} s`}.`);
      await new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
        if (seconds !== null) setTimeout(resolve, seconds * 1_000);
      });
      await session.stop();
      const { heard, recorded } = session.state;
      out.progress('');
      out.say(`${heard} messages heard, ${recorded} devices recorded.`);
      out.emit({ type: 'listened', heard, recorded });
    },
  };
}

function sayHeard(out: Output, { endpoint, movedFrom }: Recorded): void {
  const { address, kind, family, ours, sighting, seen, conflicts } = endpoint;
  out.emit({ type: 'heard', address, kind, family, ours, evidence: sighting, seen, movedFrom, conflicts });
  const name = [kind ? nameOf(kind) : 'not recognised', seen.name].filter(Boolean).join(' · ');
  out.say(`${address}  ${clean(name)}  ${clean(sighting ?? '')}`);
  sayConflicts(out, address, conflicts);
}

function tellTrouble(out: Output, words: string): void {
  out.emit({ type: 'trouble', words });
  out.say(`▲ ${clean(words)}`);
}

export function port(text: string): number {
  return within(text, 65_535);
}

function positive(text: string): number {
  return within(text, 86_400);
}

function within(text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new InvalidArgumentError(`a number from 1 to ${most}`);
  return value;
}
