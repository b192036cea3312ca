/** Who is in the lab's tenant: accounts with their mailboxes, groups, and what was deleted. Change it while Graph runs. */
import { randomUUID } from 'node:crypto';
import type { Behaviour } from './behaviour.ts';

/** Values of `userPurpose`. Source: mailboxSettings of Microsoft Graph. */
export type Purpose = 'user' | 'linked' | 'shared' | 'room' | 'equipment' | 'others';

export interface LabAccount {
  readonly id: string;
  upn: string;
  /** Primary address; null without one. */
  mail: string | null;
  name: string;
  enabled: boolean;
  /** Other addresses, without `smtp:`. */
  aliases: string[];
  licensed: boolean;
  /** Null: an account without a mailbox in Exchange Online. */
  purpose: Purpose | null;
  /** `denied`: an access policy or a missing share keeps the caller out. */
  calendar: 'open' | 'denied';
  /** Not in the address lists, and so not in the list of places. */
  hidden: boolean;
  /** Properties of its place, beside those that all have. */
  place: Record<string, unknown>;
}

export type GroupKind = 'mail-security' | 'microsoft365' | 'security' | 'distribution';

export interface LabGroup {
  readonly id: string;
  name: string;
  mail: string | null;
  kind: GroupKind;
  onPremises: boolean;
}

interface Membership {
  /** Account or group. */
  member: string;
  since: number;
}

export class Tenant {
  readonly #accounts = new Map<string, LabAccount>();
  readonly #groups = new Map<string, LabGroup>();
  readonly #members = new Map<string, Membership[]>();
  readonly #byAddress = new Map<string, LabAccount[]>();
  readonly #transitive = new Map<string, { until: number; ids: readonly string[] }>();
  /** Off: a change of a place is answered well and not kept, as without the administrator's role. */
  keepsPlaces = true;
  placeWrites = 0;
  readonly deleted: { account: LabAccount; at: string }[] = [];

  add(account: Partial<LabAccount> & { upn: string }): LabAccount {
    const whole: LabAccount = {
      id: randomUUID(),
      mail: account.upn,
      name: account.upn.split('@')[0] ?? '',
      enabled: true,
      aliases: [],
      licensed: true,
      purpose: 'user',
      calendar: 'open',
      hidden: false,
      place: {},
      ...account,
    };
    this.#accounts.set(whole.id, whole);
    this.#index(whole);
    return whole;
  }

  /** A room as an administrator makes it: no licence, and nobody signs in to it. */
  addRoom(room: Partial<LabAccount> & { upn: string }): LabAccount {
    return this.add({ purpose: 'room', enabled: false, licensed: false, ...room });
  }

  addGroup(group: Partial<LabGroup> & { name: string }): LabGroup {
    const whole: LabGroup = { id: randomUUID(), mail: null, kind: 'mail-security', onPremises: false, ...group };
    this.#groups.set(whole.id, whole);
    this.#members.set(whole.id, []);
    return whole;
  }

  /** A group told after all others. */
  toEnd(group: LabGroup): void {
    this.#groups.delete(group.id);
    this.#groups.set(group.id, group);
  }

  join(group: LabGroup, ...members: readonly { id: string }[]): void {
    const since = Date.now();
    for (const { id } of members) this.#members.get(group.id)?.push({ member: id, since });
    this.#transitive.clear();
  }

  /** Deleted accounts are kept for 30 days, under a changed sign-in name. */
  remove(account: LabAccount): void {
    this.#accounts.delete(account.id);
    for (const address of addressesOf(account))
      this.#byAddress.set(
        address,
        (this.#byAddress.get(address) ?? []).filter((one) => one !== account),
      );
    for (const members of this.#members.values()) {
      const at = members.findIndex(({ member }) => member === account.id);
      if (at >= 0) members.splice(at, 1);
    }
    this.#transitive.clear();
    this.deleted.push({ account, at: new Date().toISOString() });
  }

  accounts(): LabAccount[] {
    return [...this.#accounts.values()];
  }

  groups(): LabGroup[] {
    return [...this.#groups.values()];
  }

  /** By id or sign-in name. */
  account(key: string): LabAccount | undefined {
    const found = this.#accounts.get(key.toLowerCase()) ?? this.#byAddress.get(`upn:${key.toLowerCase()}`)?.[0];
    return found;
  }

  /**
   * More than one where an address was given twice, as a directory allows that is filled from elsewhere.
   * @param by `upn:`, `mail:` or `smtp:` and the address
   */
  withAddress(by: string): readonly LabAccount[] {
    return this.#byAddress.get(by.toLowerCase()) ?? [];
  }

  group(id: string): LabGroup | undefined {
    return this.#groups.get(id.toLowerCase());
  }

  /** Ids of direct members. What is newer than the directory's delay is not seen yet. */
  members(group: LabGroup, { consistencyMs }: Behaviour): string[] {
    const before = Date.now() - consistencyMs;
    return (this.#members.get(group.id) ?? []).flatMap(({ member, since }) => (since <= before ? [member] : []));
  }

  /** The same with those of nested groups; the groups themselves are members as well. */
  transitive(group: LabGroup, behaviour: Behaviour): readonly string[] {
    const kept = this.#transitive.get(group.id);
    if (kept && kept.until > Date.now()) return kept.ids;
    const seen = new Set<string>();
    const visit = (one: LabGroup) => {
      for (const id of this.members(one, behaviour)) {
        if (seen.has(id)) continue;
        seen.add(id);
        const nested = this.#groups.get(id);
        if (nested) visit(nested);
      }
    };
    visit(group);
    seen.delete(group.id);
    const ids = [...seen];
    this.#transitive.set(group.id, { until: Date.now() + (behaviour.consistencyMs > 0 ? 0 : 60_000), ids });
    return ids;
  }

  #index(account: LabAccount): void {
    for (const address of addressesOf(account)) {
      const before = this.#byAddress.get(address);
      if (before) before.push(account);
      else this.#byAddress.set(address, [account]);
    }
  }
}

function addressesOf({ upn, mail, aliases }: LabAccount): string[] {
  const all = [`upn:${upn}`, ...(mail === null ? [] : [`mail:${mail}`, `smtp:${mail}`])];
  return [...all, ...aliases.map((alias) => `smtp:${alias}`)].map((address) => address.toLowerCase());
}
