/** Why a VideoOS device must not be changed now, or not to these values. Pure. */

import type { Accepted, Baseline } from '../../../contract/device.ts';
import { OtjError } from '../../../contract/errors.ts';
import type { ServerLook, Wish } from '../../driver.ts';
import type { Member, PolyMapping } from '../mapping.ts';
import { savedCalendar } from './backup.ts';
import { clockIsOff, type PolyFacts } from './facts.ts';
import { chosenSet } from './plan.ts';
import type { SystemInfo } from './replies.ts';

/** What of the device's settings or of the wish forbids a migration; undefined when nothing does. */
export function migrationObstacle(mapping: PolyMapping, facts: PolyFacts, wish: Wish): OtjError | undefined {
  return (
    deviceObstacle(mapping, facts, wish) ??
    providerObstacle(facts, wish) ??
    unreadObstacle(facts, wish) ??
    wishObstacle(chosenSet(mapping, facts)?.members ?? [], wish) ??
    restartObstacle(mapping, wish)
  );
}

/** What of the device's settings or of the backup forbids an undo; undefined when nothing does. */
export function undoObstacle(
  mapping: PolyMapping,
  facts: PolyFacts,
  wish: Wish,
  baseline: Baseline | null,
): OtjError | undefined {
  const saved = savedCalendar(baseline);
  if (!saved) return new OtjError('BACKUP_MISSING', 'no calendar settings in the backup');
  const device = deviceObstacle(mapping, facts, wish);
  if (device) return device;
  if (facts.calendar.set !== saved.set)
    return new OtjError('NAMES_UNKNOWN', `the backup holds ${saved.set}.*, the device offers ${facts.calendar.set}.*`);
  if (wish.oldPassword && isUnfit(wish.oldPassword)) return unfit('old password');
  return restartObstacle(mapping, wish);
}

/** No device is restarted without somebody's word; where it may never ask for a restart, that word can wait. */
function restartObstacle({ restart }: PolyMapping, { accepted }: Wish): OtjError | undefined {
  if (restart?.when !== 'always' || accepted.includes('restart')) return undefined;
  return new OtjError('RESTART_CONSENT', restart.note);
}

/** In the mode of another provider the device's own calendar is presumably not in use (assumed). */
function providerObstacle({ provider }: PolyFacts, { accepted }: Wish): OtjError | undefined {
  if (!provider || accepted.includes('provider')) return undefined;
  return new OtjError('PROVIDER_MODE', provider);
}

/** The export is backed up and tells whether the names mean what they are taken for; the mode, who has the calendar. */
function unreadObstacle({ unread }: PolyFacts, { accepted }: Wish): OtjError | undefined {
  if (unread.length === 0 || accepted.includes('unread')) return undefined;
  return new OtjError('PARTLY_READ', unread.join('; '));
}

function deviceObstacle(
  mapping: PolyMapping,
  { identity, provisioning, calendar, family }: PolyFacts,
  { accepted }: Wish,
): OtjError | undefined {
  if (!new RegExp(mapping.models, 'i').test(identity.model))
    return family
      ? new OtjError('FAMILY_CORRECTED', `model ${identity.model}, so it is ${family} and not ${mapping.family}`)
      : new OtjError('UNSUPPORTED', `model ${identity.model || 'not told'}`);
  if (provisioning.managed && !accepted.includes('manager'))
    return new OtjError('MANAGED', provisioning.server ?? 'provisioning is on');
  if (calendar.set === null) return new OtjError('NAMES_UNKNOWN', calendar.missing.join('; '));
  if (calendar.conflict !== null) return new OtjError('ODD_REPLY', calendar.conflict);
  return undefined;
}

/** A clock that hides the Join button; @param now as the device tells it, read anew. */
export function clockObstacle(now: SystemInfo, { accepted }: Wish): OtjError | undefined {
  if (!clockIsOff(now, Date.now()) || accepted.includes('clock')) return undefined;
  return new OtjError('CLOCK_WRONG', new Date(now.clock?.[0] ?? 0).toISOString());
}

/**
 * What of the node the device will not accept, where it looks at certificates; undefined when nothing does. By whom it is
 * issued may be known to the device and not to us: that is for a person to say.
 */
export function serverObstacle(
  { trust }: PolyFacts,
  look: ServerLook | null,
  { accepted }: Wish,
): OtjError | undefined {
  if (!trust.validates || !look) return undefined;
  if (!look.namesIt)
    return new OtjError('SERVER_UNTRUSTED', `the certificate of ${look.name} is made out to ${look.subject}`);
  if (look.trusted || accepted.includes('certificate')) return undefined;
  const words = `${look.name}: issued by ${look.issuer}`;
  return trust.unreadable ? new OtjError('SERVER_UNJUDGED', words) : new OtjError('SERVER_UNTRUSTED', words);
}

/** What of the device's momentary state forbids a write; read it anew for this. */
export function stateObstacle(now: SystemInfo, accepted: readonly Accepted[]): OtjError | undefined {
  const call = callObstacle(now);
  if (call) return call;
  // Who agreed to a restart gets it behind the writes, whatever the device wants it for.
  if (now.rebootNeeded && !accepted.includes('restart')) return new OtjError('RESTART_NEEDED', 'rebootNeeded is true');
  return undefined;
}

/** Neither written to nor restarted in a call. */
export function callObstacle(now: SystemInfo): OtjError | undefined {
  return now.state === 'IN_CALL' ? new OtjError('IN_CALL', `state ${now.state}`) : undefined;
}

function wishObstacle(members: readonly Member[], wish: Wish): OtjError | undefined {
  if (!wish.login.username || !wish.login.password)
    return new OtjError('NOT_PREPARED', 'no calendar login has been made for this room');
  if (!wish.server) return new OtjError('INFINITY_SETUP', 'the name of the Conferencing Node for this room');
  if (!isServerName(wish.server))
    return new OtjError('VALUE_UNFIT', `server ${wish.server.slice(0, 300)}: ${SERVER_LIMIT}`);
  if (!wish.mailbox) return new OtjError('VALUE_UNFIT', 'mailbox is empty');
  if (/\s/.test(wish.mailbox)) return new OtjError('VALUE_UNFIT', 'mailbox holds a blank');
  const values = [
    ['server', wish.server],
    ['mailbox', wish.mailbox],
    ['username', wish.login.username],
    ['password', wish.login.password],
  ] as const;
  for (const [role, value] of values) {
    if (isUnfit(value)) return unfit(role);
    const limit = members.find((member) => member.role === role)?.maxLength;
    if (limit !== undefined && value.length > limit)
      return new OtjError('VALUE_TOO_LONG', `${role} has ${value.length} characters, the device takes ${limit}`);
  }
  return undefined;
}

/** By the schema of a Studio X30 (an FQDN or IP) and the commands of a Group; nothing is known of ports, on a Trio either. */
const SERVER_LIMIT = 'the device takes a host name or IPv4 address, without scheme, port or path';
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

function isServerName(server: string): boolean {
  return server.split('.').every((label) => LABEL.test(label));
}

/** Line ends and the quotation mark would end a value early on the device's command line, which shares the settings. */
function isUnfit(value: string): boolean {
  return /[\r\n"]/.test(value);
}

function unfit(what: string): OtjError {
  return new OtjError('VALUE_UNFIT', `${what} holds a line end or a quotation mark`);
}
