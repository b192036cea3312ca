/** What the steps of one visit share. Readings are kept until a change makes them stale. */
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { PlannedStep } from '../../../contract/plan.ts';
import type { EndpointTarget, StepSupport, Wish } from '../../driver.ts';
import { createRedactor } from '../../redact.ts';
import { type AllowedHost, readAllowedHosts } from '../facts/hosts.ts';
import { readMacro, readMacros } from '../facts/macros.ts';
import type { SettingPath } from '../facts/settings.ts';
import { type CodecUser, readUsers } from '../facts/users.ts';
import type { CiscoFacts } from '../facts.ts';
import { fitted } from '../fitted.ts';
import type { Macro } from '../otj/judge.ts';
import { leaf, type Xapi } from '../xapi.ts';

export class Visit {
  readonly xapi: Xapi;
  readonly target: EndpointTarget;
  readonly facts: CiscoFacts;
  readonly wish: Wish;
  readonly support: StepSupport;
  /** The whole plan: what its changes name may move. */
  readonly steps: readonly PlannedStep[];
  private cachedMacros: Macro[] | null;
  private cachedUsers: CodecUser[] | null;
  private cachedHosts: AllowedHost[] | null;
  private readonly staleSettings = new Set<SettingPath>();
  private readonly redactor = createRedactor();

  constructor(
    session: { xapi: Xapi; target: EndpointTarget },
    facts: CiscoFacts,
    wish: Wish,
    support: StepSupport,
    steps: readonly PlannedStep[],
  ) {
    this.xapi = fitted(session.xapi, facts.firmware);
    this.target = session.target;
    this.facts = facts;
    this.wish = wish;
    this.support = support;
    this.steps = steps;
    this.cachedMacros = facts.macros;
    this.cachedUsers = facts.users;
    this.cachedHosts = facts.allowedHosts;
    this.redactor.add(wish.login.password);
    this.redactor.add(session.target.password);
  }

  async macros(): Promise<Macro[]> {
    this.cachedMacros ??= await readMacros(this.xapi);
    return this.cachedMacros;
  }

  async macro(name: string): Promise<Macro | undefined> {
    return (await this.macros()).find((one) => one.name === name);
  }

  /** As it is in this moment, whatever was read before. */
  async macroNow(name: string): Promise<Macro | undefined> {
    const now = await readMacro(this.xapi, name);
    if (!now) this.cachedMacros = null;
    return now;
  }

  async user(username: string): Promise<CodecUser | undefined> {
    this.cachedUsers ??= await readUsers(this.xapi);
    return this.cachedUsers.find((one) => one.username === username);
  }

  /** Throws ODD_REPLY when the codec tells its list in a way that is not known. */
  async allowedHosts(): Promise<AllowedHost[]> {
    this.cachedHosts ??= await readAllowedHosts(this.xapi);
    if (this.cachedHosts === null) throw new OtjError('ODD_REPLY', 'HttpClient Allow Hostname List');
    return this.cachedHosts;
  }

  async setting(path: SettingPath): Promise<string | null> {
    return this.staleSettings.has(path)
      ? (leaf(await this.xapi.get('Configuration', path)) ?? null)
      : this.facts.settings[path];
  }

  /** Whatever it touched is read anew from then on, also when it failed half way. */
  async set(path: SettingPath, value: string): Promise<void> {
    this.staleSettings.add(path);
    await this.xapi.set(path, value).catch((thrown) => this.cleaned(thrown));
  }

  /** A command with an effect: whatever it touched is read anew from then on, also when it failed half way. */
  async change(path: string, params: Record<string, string | boolean>, body?: string): Promise<void> {
    this.cachedMacros = null;
    this.cachedUsers = null;
    this.cachedHosts = null;
    await this.xapi.command(path, params, body).catch((thrown) => this.cleaned(thrown));
  }

  /** Some commands may echo what was sent. */
  private cleaned(thrown: unknown): never {
    const error = asOtjError(thrown);
    throw new OtjError(error.code, error.words && this.redactor.clean(error.words), { cause: error.cause });
  }
}
