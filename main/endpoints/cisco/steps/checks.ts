/** What must be so before the first change. Nothing here changes anything. */
import type { Accepted } from '../../../contract/device.ts';
import { asOtjError } from '../../../contract/errors.ts';
import type { Seen } from '../../driver.ts';
import { isOldTls } from '../../transports/tls/agreed.ts';
import { offeredTls } from '../apiLogin.ts';
import { clockIsOff } from '../facts/clock.ts';
import { isInCloud, isInstalling } from '../facts/outside.ts';
import { brokenRule } from '../facts/policy.ts';
import { troubleOf } from '../facts/users.ts';
import { mayUse, needsOf, offers } from '../firmware.ts';
import { isOurAccount } from '../plan/backup.ts';
import { macrosInTheWay, macrosToTake, undecided, whyNotTaken } from '../plan/take.ts';
import { lifetimeWords, managerWords, webexWords } from '../plan/words.ts';
import { unfitToReturn } from './returnable.ts';
import { holds, problem } from './seen.ts';
import type { Visit } from './visit.ts';

/** The codec is one that can be moved, by this login. */
export async function fitForMove(visit: Visit): Promise<Seen> {
  const inCloud = isInCloud(visit.facts.outside);
  const trouble = busy(visit) ?? rights(visit) ?? (inCloud ? null : access(visit)) ?? macrosUnfit(visit);
  if (trouble) return trouble;
  const tls = inCloud ? null : await tlsVersion(visit);
  if (tls && isOldTls(tls)) return problem('TLS_TOO_OLD', `the HTTPS service speaks ${tls} at best`);
  const { facts, wish, support } = visit;
  const taken = macrosToTake(facts, wish, support.baseline);
  const mode = facts.settings['NetworkServices HTTP Mode'] ?? 'not told';
  return holds(
    `${facts.firmware.name}; Admin; HTTP Mode ${mode}${tls ? `, ${tls}` : ''}; OTJ macros: ${taken.join(', ') || 'none'}`,
  );
}

/**
 * An undo must not be kept from bringing the old service back by anything but a codec that would not carry it out, and
 * a macro of somebody's own that it would overwrite.
 */
export async function fitForUndo(visit: Visit): Promise<Seen> {
  const trouble = busy(visit);
  if (trouble) return trouble;
  const call = inNoCall(visit);
  if (!call.holds) return call;
  const inTheWay = macrosInTheWay(visit.facts, visit.wish, visit.support.baseline);
  return inTheWay.length > 0 ? problem('MACRO_IN_THE_WAY', inTheWay.join(', ')) : call;
}

export function inNoCall(visit: Visit): Seen {
  const { calls } = visit.facts;
  if (calls === null) return holds('the codec does not tell whether it is in a call');
  if (calls === 0) return holds('no call');
  return unlessAccepted(visit, 'call', problem('IN_CALL', `calls active, in progress or on hold: ${calls}`));
}

/** The clock of this computer is what it is compared with: it may be the one that is wrong. */
export function clockRight(visit: Visit): Seen {
  const { clock, ntp } = visit.facts;
  if (!clock) return holds('the codec does not tell its time in a way that is known');
  const seconds = Math.round(clock.offsetMs / 1_000);
  const words = `${clock.time}, ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} this computer; NTP ${ntp.status ?? 'not told'}`;
  return clockIsOff(clock) ? unlessAccepted(visit, 'clock', problem('CLOCK_WRONG', words)) : holds(words);
}

export function managerKnown(visit: Visit): Seen {
  const words = `${managerWords(visit.facts)} may put macros, accounts, meetings and settings back`;
  return unlessAccepted(visit, 'manager', problem('MANAGED', words));
}

export function webexKnown({ facts }: Visit): Seen {
  return holds(`Webex Status ${facts.outside.webex.status}: ${webexWords(facts)}; Infinity does not sign in to it`);
}

export function lifetimeKnown({ facts }: Visit): Seen {
  return holds(`the passphrase of Infinity's account ends ${lifetimeWords(facts)}`);
}

function unlessAccepted({ wish }: Visit, objection: Accepted, found: Seen): Seen {
  return wish.accepted.includes(objection) ? holds(`${found.words}; accepted by the technician`) : found;
}

function busy({ facts }: Visit): Seen | null {
  const { upgrade } = facts.outside;
  if (isInstalling(upgrade)) return problem('UPGRADING', `UpgradeStatus Phase: ${upgrade}`);
  return facts.starting ? problem('STARTING', 'SystemUnit State: Initializing') : null;
}

/** What nobody else may do of the work that a migration is. */
const MACROS = 'Command Macros Macro Remove';
const USERS = 'Command UserManagement User Add';

/** The login may do what is to be done: only who may make users may list them (public schemas), so a refusal tells. */
function rights({ facts, target }: Visit): Seen | null {
  const { users, macros, outside } = facts;
  const me = users?.find(({ username }) => username === target.username);
  const barred = me && [MACROS, USERS].find((path) => !mayUse(me.roles, path));
  if (barred) return problem('NOT_ADMIN', `roles: ${me.roles.join(', ')} (${needsOf(barred)})`);
  // A cloud codec may have no local users at all.
  if (!users && !(isInCloud(outside) && macros)) return problem('NOT_ADMIN', `User List refused (${needsOf(USERS)})`);
  return macros ? null : problem('UNSUPPORTED', `the codec refuses Macros Macro Get (${needsOf(MACROS)})`);
}

/** Infinity can sign in to the codec, as a user that is ours. */
function access({ facts, wish, support }: Visit): Seen | null {
  if (facts.settings['NetworkServices HTTPS VerifyClientCertificate'] === 'On')
    return problem('CLIENT_CERTIFICATE', 'NetworkServices HTTPS VerifyClientCertificate: On');
  const { username, password } = wish.login;
  const user = facts.users?.find((one) => one.username === username);
  if (user && !isOurAccount(support.baseline, username)) return problem('ACCOUNT_TAKEN', `user ${username}`);
  // One that is in order is not made anew.
  const rule = user && troubleOf(user).length === 0 ? null : brokenRule(facts.policy, password);
  return rule === null ? null : problem('PASSPHRASE_POLICY', rule);
}

function macrosUnfit({ facts, wish, support, xapi }: Visit): Seen | null {
  const taken = macrosToTake(facts, wish, support.baseline);
  const uncertain = undecided(facts, wish, taken);
  if (uncertain.length > 0)
    return problem(
      'MACRO_UNCERTAIN',
      uncertain
        .map((one) => {
          const why = whyNotTaken(facts, wish, one);
          return `${one.name} (${one.score} points: ${[...(why ? [why] : []), ...one.reasons].join('; ')})`;
        })
        .join('. '),
    );
  const unfit = (facts.macros ?? [])
    .filter(({ name }) => taken.includes(name))
    .flatMap((macro) => unfitToReturn(macro, xapi.link.transport) ?? []);
  return unfit.length > 0 ? problem('MACRO_UNFIT', unfit.join('. ')) : null;
}

/**
 * What the web server agrees to, found out by a handshake where its software does not tell. Infinity wants TLS 1.2.
 * @returns null when there is no need to look, or no way to: the account's own login will tell
 */
async function tlsVersion({ facts, target }: Visit): Promise<string | null> {
  if (
    offers(facts.firmware, 'Configuration NetworkServices HTTPS Server MinimumTLSVersion') ||
    facts.settings['NetworkServices HTTP Mode'] === 'Off'
  )
    return null;
  try {
    return await offeredTls(target);
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (error.code === 'HANDSHAKE') return null;
    throw error;
  }
}
