/** The steps of a codec, bound to a session: look, act, look again. */
import { createHash } from 'node:crypto';
import { TAKEN } from '../../contract/device.ts';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { PlannedStep } from '../../contract/plan.ts';
import type { EndpointTarget, RunnableStep, Seen, StepActions, StepSupport, Wish } from '../driver.ts';
import { createRedactor } from '../redact.ts';
import { provesLogin } from './apiLogin.ts';
import { type CiscoFacts, type CodecUser, readBookings, readFacts, readMacros, readUsers } from './facts.ts';
import type { Macro } from './otjMacro.ts';
import { macrosTaken, macrosToTake, STEP, stateOf } from './plan.ts';
import type { Xapi } from './xapi.ts';

/** What the steps of one visit share. Readings are kept until a change makes them stale. */
export class Visit {
  readonly xapi: Xapi;
  readonly target: EndpointTarget;
  readonly facts: CiscoFacts;
  readonly wish: Wish;
  readonly support: StepSupport;
  private cachedMacros: Macro[] | null;
  private cachedUsers: CodecUser[] | null;
  private readonly redactor = createRedactor();

  constructor(xapi: Xapi, target: EndpointTarget, facts: CiscoFacts, wish: Wish, support: StepSupport) {
    this.xapi = xapi;
    this.target = target;
    this.facts = facts;
    this.wish = wish;
    this.support = support;
    this.cachedMacros = facts.macros;
    this.cachedUsers = facts.users;
    this.redactor.add(wish.login.password);
    this.redactor.add(target.password);
  }

  async macros(): Promise<Macro[]> {
    this.cachedMacros ??= await readMacros(this.xapi);
    return this.cachedMacros;
  }

  async users(): Promise<CodecUser[]> {
    this.cachedUsers ??= await readUsers(this.xapi);
    return this.cachedUsers;
  }

  /** A change: whatever it touched is read anew, also when it failed half way. */
  async change(path: string, params: Record<string, string | boolean>, body?: string): Promise<void> {
    this.cachedMacros = null;
    this.cachedUsers = null;
    await this.xapi.command(path, params, body).catch((thrown) => {
      // Some commands may echo what was sent.
      const error = asOtjError(thrown);
      throw new OtjError(error.code, error.words && this.redactor.clean(error.words), { cause: error.cause });
    });
  }
}

export function bindSteps(visit: Visit, steps: readonly PlannedStep[]): RunnableStep[] {
  return steps.map((plan) => ({ plan, ...actionsOf(visit, plan.id) }));
}

function actionsOf(visit: Visit, id: string): StepActions {
  if (id === STEP.fit) return { inspect: () => fitness(visit) };
  if (id === STEP.undoFit) return { inspect: async () => noCall(visit) ?? holds('no call') };
  if (id === STEP.account) return account(visit);
  if (id === STEP.removeAccount) return removeAccount(visit);
  if (id === STEP.runtime || id === STEP.undoRuntime) return restartRuntime(visit, id);
  if (id === STEP.others) return { inspect: () => othersUnchanged(visit) };
  if (id === STEP.meeting) return meetingArrives(visit);
  if (id.startsWith(STEP.removeMacro)) return removeMacro(visit, id.slice(STEP.removeMacro.length));
  if (id.startsWith(STEP.restoreMacro)) return restoreMacro(visit, id.slice(STEP.restoreMacro.length));
  throw new OtjError('INTERNAL', `no such step: ${id}`);
}

function holds(words: string): Seen {
  return { holds: true, words };
}

function problem(code: ConstructorParameters<typeof OtjError>[0], words: string): Seen {
  return { holds: false, words, problem: new OtjError(code, words) };
}

function noCall({ facts }: Visit): Seen | null {
  return facts.inCall ? problem('IN_CALL', 'NumberOfActiveCalls is above 0') : null;
}

/** Everything that must be so before the first change; nothing here changes anything. */
async function fitness(visit: Visit): Promise<Seen> {
  const { facts, wish, support, target } = visit;
  const { macros, users, judgements, settings } = facts;
  const call = noCall(visit);
  if (call) return call;
  const me = users?.find(({ username }) => username === target.username);
  if (!users || (me && !me.roles.includes('Admin')))
    return problem('NOT_ADMIN', me ? `roles: ${me.roles.join(', ')}` : 'User List refused');
  if (!macros) return problem('UNSUPPORTED', 'the codec refuses Macros Macro Get');
  if (settings['NetworkServices HTTP Mode'] === 'Off') return problem('HTTPS_OFF', 'NetworkServices HTTP Mode: Off');
  const { username } = wish.login;
  const wasThereBefore = support.baseline
    ? stateOf(support.baseline)?.users.includes(username)
    : users.some((one) => one.username === username);
  if (wasThereBefore) return problem('ACCOUNT_TAKEN', `user ${username}`);
  const taken = macrosToTake(facts, wish, support.baseline);
  const uncertain = judgements.filter(({ name, verdict }) => verdict === 'uncertain' && !taken.includes(name));
  if (uncertain.length > 0)
    return problem(
      'MACRO_UNCERTAIN',
      uncertain.map(({ name, score, reasons }) => `${name} (${score} points: ${reasons.join('; ')})`).join('. '),
    );
  return holds(
    `no call; Admin; HTTP Mode ${settings['NetworkServices HTTP Mode'] ?? 'not told'}; OTJ macros: ${taken.join(', ') || 'none'}`,
  );
}

/** The account that Infinity signs in with. It counts only when a login as it over HTTPS has read the bookings. */
function account(visit: Visit): StepActions {
  const { wish, target } = visit;
  const { username, password } = wish.login;
  return {
    async inspect() {
      const user = (await visit.users()).find((one) => one.username === username);
      if (!user) return { holds: false, words: `no user ${username}` };
      const words = `user ${username}: ${user.roles.join(', ')}, ${user.active ? 'active' : 'inactive'}`;
      if (!user.active || user.blocked || user.passphraseChangeRequired || !user.roles.includes('Admin'))
        return { holds: false, words };
      try {
        return holds(`${words}; ${await provesLogin(target, wish.login)}`);
      } catch (thrown) {
        const error = asOtjError(thrown);
        // A refused login is what apply repairs; anything else is trouble of another kind.
        if (error.code !== 'LOGIN_REFUSED') throw error;
        return { holds: false, words: `${words}; ${error.words ?? 'login refused'}` };
      }
    },
    async apply() {
      // The codec wants the operator's own passphrase whenever an Admin is made or changed (xAPI, UserManagement User).
      const yours = { YourPassphrase: target.password };
      // One that is there is ours, else the visit had ended with ACCOUNT_TAKEN. It is made anew: PasswordPolicy
      // ReuseLimit would refuse to set its own passphrase again.
      if ((await visit.users()).some((one) => one.username === username))
        await visit.change('UserManagement User Delete', { Username: username, ...yours });
      await visit.change('UserManagement User Add', {
        Username: username,
        Passphrase: password,
        Role: 'Admin',
        Active: true,
        PassphraseChangeRequired: false,
        ShellLogin: false,
        ...yours,
      });
    },
  };
}

function removeAccount(visit: Visit): StepActions {
  const { username } = visit.wish.login;
  return {
    async inspect() {
      const found = (await visit.users()).some((one) => one.username === username);
      return found ? { holds: false, words: `user ${username} is there` } : holds(`no user ${username}`);
    },
    apply: () =>
      visit.change('UserManagement User Delete', { Username: username, YourPassphrase: visit.target.password }),
  };
}

function removeMacro(visit: Visit, name: string): StepActions {
  return {
    async inspect() {
      const macro = (await visit.macros()).find((one) => one.name === name);
      return macro ? { holds: false, words: describe(macro) } : holds(`no macro ${name}`);
    },
    async apply() {
      const macro = (await visit.macros()).find((one) => one.name === name);
      if (!macro) return;
      // Whatever is about to go is in the backup first, also when somebody edited it since the backup was taken.
      await visit.support.addBackup({ kind: TAKEN, name, content: macro.content });
      await visit.change('Macros Macro Remove', { Name: name });
    },
  };
}

function restoreMacro(visit: Visit, name: string): StepActions {
  const { baseline } = visit.support;
  const saved = baseline?.items.findLast((item) => item.kind === TAKEN && item.name === name);
  const active = stateOf(baseline)?.macros.find((one) => one.name === name)?.active ?? false;
  return {
    async inspect() {
      const macro = (await visit.macros()).find((one) => one.name === name);
      if (!macro) return { holds: false, words: `no macro ${name}` };
      return { holds: macro.content === saved?.content && macro.active === active, words: describe(macro) };
    },
    async apply() {
      if (!saved) throw new OtjError('BACKUP_MISSING', `macro ${name}`);
      const present = (await visit.macros()).find((one) => one.name === name);
      // Somebody may have saved a macro of their own under this name since.
      if (present && present.content !== saved.content)
        await visit.support.addBackup({ kind: 'overwritten', name, content: present.content });
      await visit.change('Macros Macro Save', { Name: name, Overwrite: true, Transpile: false }, saved.content);
      await visit.change(active ? 'Macros Macro Activate' : 'Macros Macro Deactivate', { Name: name });
    },
  };
}

/**
 * A removed macro goes on running until the runtime restarts. The codec does not tell when that was, so the journal is
 * asked: a restart whose outcome is on record since the plan's macros went is not repeated.
 */
function restartRuntime(visit: Visit, id: string): StepActions {
  let restarted = false;
  return {
    async inspect() {
      if (visit.facts.settings['Macros Mode'] === 'Off') return holds('Macros Mode is Off: no macro runs');
      return restarted || visit.support.wasDone(id)
        ? holds('the runtime was restarted after the change')
        : { holds: false, words: 'not restarted since the change' };
    },
    async apply() {
      await visit.change('Macros Runtime Restart', {});
      restarted = true;
    },
  };
}

async function othersUnchanged(visit: Visit): Promise<Seen> {
  const { facts, wish, support, xapi } = visit;
  const now = await readFacts(xapi);
  const taken = new Set([...macrosToTake(facts, wish, support.baseline), ...macrosTaken(support.baseline)]);
  const before = fingerprints(facts, taken, wish.login.username);
  const after = fingerprints(now, taken, wish.login.username);
  const moved = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
  if (moved.length > 0) return problem('NOT_CONFIRMED', `not as before: ${moved.join(', ')}`);
  return holds([...after].map(([key, value]) => `${key} ${value}`).join('\n'));
}

/** Name and short hash of everything that must not move. */
function fingerprints(facts: CiscoFacts, taken: Set<string>, account: string): Map<string, string> {
  const kept = (facts.macros ?? []).filter(({ name }) => !taken.has(name));
  return new Map([
    ...kept.map((macro): [string, string] => [`macro ${macro.name}`, describe(macro)]),
    ...facts.panels.map(({ id, sha256 }): [string, string] => [`panel ${id}`, sha256]),
    ...Object.entries(facts.settings).map(([path, value]): [string, string] => [path, value ?? 'not there']),
    ...(facts.users ?? [])
      .filter(({ username }) => username !== account)
      .map((user): [string, string] => [`user ${user.username}`, user.roles.join('+')]),
  ]);
}

function describe({ content, active }: Macro): string {
  const sha = createHash('sha256').update(content).digest('hex');
  return `${active ? 'active' : 'inactive'}, ${Buffer.byteLength(content)} bytes, sha256 ${sha}`;
}

/**
 * A list of meetings that came after the old service was cut off. The codec's own time of the last change tells it;
 * where that is missing, a list that shares no meeting id with the one saved before does.
 */
function meetingArrives(visit: Visit): StepActions {
  const { xapi, support, target, facts, wish } = visit;
  // Until the runtime is restarted without it, the old macro brings meetings; a baseline may be days older than these.
  const oldRuns = macrosToTake(facts, wish, support.baseline).length > 0 && !support.wasDone(STEP.runtime);
  const saved = stateOf(support.baseline)?.bookingIds;
  const old = new Set([...(saved ?? []), ...(oldRuns || !saved ? facts.bookings.ids : [])]);
  let atCutover: string | null | undefined;
  return {
    wait: { everyMs: target.proofEveryMs, forMs: target.proofMs },
    async inspect() {
      const { ids, lastUpdated } = await readBookings(xapi);
      const words = `Bookings List: ${ids.length} meetings, last updated ${lastUpdated ?? 'not told'}`;
      const strangers = ids.length > 0 && !ids.some((id) => old.has(id));
      if (strangers) return holds(words);
      // First look after the runtime restart: any later change of the list cannot be the old macro's.
      if (atCutover === undefined) atCutover = lastUpdated;
      return { holds: lastUpdated !== null && lastUpdated !== atCutover, words };
    },
  };
}
