/** What a line of the readiness list says and offers. Pure: it gives keys of the texts, not texts. */
import type { Check, CheckReason } from '../../../main/contract/jobs.ts';
import type { Family } from '../../../main/contract/plan.ts';
import type { CredentialView, Purpose } from '../../../main/contract/site.ts';

export type CheckId = Check['id'];

/** Of these the rooms' devices may want any. */
const POLY_LOGINS = ['poly-videoos', 'poly-group', 'poly-trio'] as const satisfies readonly Purpose[];

/** Which login of Poly is to be stored: as the last check has it, else for what the rooms have. */
export function polyLoginWanted(checks: readonly Check[], families: readonly (Family | null)[]): Purpose {
  const told = checks.find(({ id }) => id === 'logins.poly')?.purpose;
  return told ?? POLY_LOGINS.find((one) => families.includes(one)) ?? 'poly-videoos';
}

export const GROUPS = [
  {
    group: 'infinity',
    ids: [
      'infinity.set',
      'infinity.certificate',
      'infinity.login',
      'infinity.version',
      'infinity.licences',
      'infinity.group',
      'infinity.profile',
      'infinity.location',
      'infinity.calendar',
      'infinity.rules',
      'infinity.account',
      'infinity.nodes',
      'infinity.reach',
      'infinity.nodeCertificates',
      'infinity.replication',
      'infinity.entries',
      'infinity.alarms',
    ],
  },
  { group: 'devices', ids: ['logins.cisco', 'logins.poly'] },
  { group: 'rooms', ids: ['rooms.list', 'rooms.devices'] },
  { group: 'microsoft', ids: ['microsoft'] },
] as const satisfies readonly { group: string; ids: readonly CheckId[] }[];

/** Sentences with a number need it to choose the plural form. */
export type Said =
  | {
      key: 'rooms' | 'without' | 'ownLogins' | 'loginMissing' | 'rules' | 'nodes' | 'licencesShort';
      count: number;
    }
  | {
      key:
        | 'microsoft'
        | 'setFirst'
        | 'certificateFirst'
        | 'loginFirst'
        | 'groupFirst'
        | 'notNeeded'
        | 'noRooms'
        | 'noList'
        | 'allDevices'
        | 'loginStored'
        | 'loginProven'
        | 'pinned'
        | 'signed'
        | 'noRules'
        | 'licencesUnknown'
        | 'versionUnknown';
      count?: undefined;
    }
  /** Numbers of licences, as text. */
  | { key: 'licences'; count?: undefined; used: string; total: string; needed: string }
  /** Why it came out so, as the services tell it. */
  | { key: 'reason'; count: number; reason: CheckReason };

export type Act =
  | 'setInfinity'
  | 'changeInfinity'
  | 'certificate'
  | 'login'
  | 'ciscoLogin'
  | 'polyLogin'
  | 'import'
  | 'match';

export interface Line {
  id: CheckId;
  status: Check['status'];
  /** Our own sentence; null = the evidence says it all, or the problem does. */
  said: Said | null;
  /** What was seen, in the words of the other side. */
  evidence: string;
  /** Shown with what happened and what to do. */
  problem: Check['problem'] | null;
  /** Where else it is mended. */
  place: Check['place'] | null;
  act: Act | null;
}

export interface LineFacts {
  checks: readonly Check[];
  credentials: readonly CredentialView[];
  pinned: boolean;
  infinitySet: boolean;
  /** How many rooms the list has. */
  rooms: number;
}

export function lineOf(id: CheckId, facts: LineFacts): Line {
  const check = facts.checks.find((one) => one.id === id);
  if (!check) {
    const said: Said | null = id === 'microsoft' ? { key: 'microsoft' } : null;
    return { id, status: 'unchecked', said, evidence: '', problem: null, place: null, act: firstAct(id, facts) };
  }
  const isBad = check.status === 'fail' || check.status === 'warn';
  const said = saidOf(check, facts);
  return {
    id,
    status: check.status,
    said,
    evidence: check.status === 'unchecked' || isOurs(check) || said?.key === 'licences' ? '' : check.evidence,
    // A sentence of ours with its number says more than the general one.
    problem: check.problem && (said === null || check.problem.code !== 'NO_ADDRESS') ? check.problem : null,
    place: isBad ? (check.place ?? null) : null,
    act: isBad ? actOf(check) : null,
  };
}

/** What is plainly missing needs no check to be told. */
function firstAct(id: CheckId, { credentials, infinitySet, rooms }: LineFacts): Act | null {
  const hasLogin = (purpose: Purpose) => credentials.some((one) => one.purpose === purpose && one.roomId === null);
  if (id === 'infinity.set' && !infinitySet) return 'setInfinity';
  if (id === 'infinity.login' && infinitySet && !hasLogin('infinity')) return 'login';
  if (id === 'logins.cisco' && !hasLogin('cisco-roomos')) return 'ciscoLogin';
  if (id === 'logins.poly' && !POLY_LOGINS.some(hasLogin)) return 'polyLogin';
  return id === 'rooms.list' && rooms === 0 ? 'import' : null;
}

/** Evidence that the services have put into English words themselves. */
function isOurs({ id, status, count }: Check): boolean {
  if (id === 'microsoft') return true;
  if (status === 'warn') return id === 'infinity.version' || id === 'infinity.licences' || id === 'infinity.rules';
  return (id === 'logins.cisco' || id === 'logins.poly') && status === 'pass' && count !== undefined;
}

function saidOf(check: Check, facts: LineFacts): Said | null {
  const { id, status, count = 0 } = check;
  switch (id) {
    case 'microsoft':
      return check.reason ? { key: 'reason', count, reason: check.reason } : { key: 'microsoft' };
    case 'logins.cisco':
    case 'logins.poly':
      return loginSaid(check, facts.credentials);
    case 'rooms.list':
      return count > 0 ? { key: 'rooms', count } : { key: 'noList' };
    case 'rooms.devices':
      if (status === 'unchecked') return { key: 'noRooms' };
      return status === 'pass' ? { key: 'allDevices' } : { key: 'without', count };
    default:
      if (check.reason) return { key: 'reason', count, reason: check.reason };
      return status === 'unchecked' ? blockedBy(id, facts.checks) : infinitySaid(check, facts.pinned);
  }
}

function loginSaid({ id, status, count, problem }: Check, credentials: readonly CredentialView[]): Said | null {
  if (status === 'unchecked') return { key: 'notNeeded' };
  if (status === 'pass') {
    if (count !== undefined) return { key: 'ownLogins', count };
    const purposes: readonly Purpose[] = id === 'logins.cisco' ? ['cisco-roomos'] : POLY_LOGINS;
    const shared = credentials.filter((one) => purposes.includes(one.purpose) && one.roomId === null);
    const isProven = shared.length > 0 && shared.every(({ proven }) => proven);
    return { key: isProven ? 'loginProven' : 'loginStored' };
  }
  return problem?.code === 'CREDENTIAL_MISSING' && count !== undefined ? { key: 'loginMissing', count } : null;
}

function infinitySaid({ id, status, count, evidence }: Check, pinned: boolean): Said | null {
  const isGood = status === 'pass';
  if (id === 'infinity.licences' && isGood) return licencesSaid(evidence);
  if (id === 'infinity.certificate' && isGood) return { key: pinned ? 'pinned' : 'signed' };
  if (id === 'infinity.rules') return count ? { key: 'rules', count } : { key: 'noRules' };
  if (id === 'infinity.nodes' && isGood && count) return { key: 'nodes', count };
  if (id === 'infinity.licences' && status === 'fail' && count) return { key: 'licencesShort', count };
  if (id === 'infinity.licences' && status === 'warn') return { key: 'licencesUnknown' };
  if (id === 'infinity.version' && status === 'warn') return { key: 'versionUnknown' };
  return null;
}

/** The services tell the three numbers as one English phrase. */
function licencesSaid(evidence: string): Said | null {
  const [, used, total, needed] = /^(\d+) of (\d+) used, (\d+) more needed$/.exec(evidence) ?? [];
  return used && total && needed ? { key: 'licences', used, total, needed } : null;
}

/** A check that was left out because of one before it. */
function blockedBy(id: CheckId, checks: readonly Check[]): Said {
  const isFine = (one: CheckId) => checks.find((check) => check.id === one)?.status === 'pass';
  if (!isFine('infinity.set')) return { key: 'setFirst' };
  if (id !== 'infinity.certificate' && !isFine('infinity.certificate')) return { key: 'certificateFirst' };
  if (!isFine('infinity.login')) return { key: 'loginFirst' };
  return { key: 'groupFirst' };
}

function actOf({ id, problem }: Check): Act | null {
  switch (id) {
    case 'infinity.set':
      return 'setInfinity';
    case 'infinity.certificate':
      return problem?.code === 'INFINITY_UNREACHABLE' ? 'changeInfinity' : 'certificate';
    case 'infinity.login':
      return problem?.code === 'INFINITY_UNREACHABLE' || problem?.code === 'INFINITY_ODD' ? 'changeInfinity' : 'login';
    case 'infinity.group':
      return 'changeInfinity';
    case 'logins.cisco':
      return 'ciscoLogin';
    case 'logins.poly':
      return 'polyLogin';
    case 'rooms.list':
      return 'import';
    case 'rooms.devices':
      return 'match';
    default:
      return null;
  }
}
