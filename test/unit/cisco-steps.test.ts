/** What steps do with a codec's own words, and with a codec that changes under them. */
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { CiscoFacts } from '../../main/endpoints/cisco/facts.ts';
import { plan } from '../../main/endpoints/cisco/plan.ts';
import { bindSteps, Visit } from '../../main/endpoints/cisco/steps.ts';
import type { Xapi } from '../../main/endpoints/cisco/xapi.ts';
import type { EndpointTarget, Wish } from '../../main/endpoints/driver.ts';
import { errorOf } from '../support/codeOf.ts';

const WISH: Wish = {
  mailbox: 'fjord@example.com',
  login: { username: 'otj-push', password: 'New-Secret-1' },
  server: null,
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};
const TARGET: EndpointTarget = {
  family: 'cisco-roomos',
  address: '10.0.0.1',
  sshPort: 22,
  httpsPort: 443,
  transport: 'auto',
  lastTransport: null,
  legacy: false,
  username: 'admin',
  password: 'Device "Admin" \\ 7',
  trust: { check: () => undefined },
  timeoutMs: 1_000,
  proofMs: 0,
  proofEveryMs: 50,
};
const NO_LINK: Pick<Xapi, 'link' | 'set' | 'close'> = {
  link: { transport: 'ssh', weakness: null },
  set: async () => undefined,
  close: async () => undefined,
};
const FACTS: CiscoFacts = {
  identity: { serial: 'FOC1', mac: null, model: '', software: '', systemName: '' },
  inCall: false,
  told: [],
  macros: [],
  judgements: [],
  users: [],
  panels: [],
  bookings: { ids: [], lastUpdated: null },
  settings: {
    'Macros Mode': 'On',
    'Macros AutoStart': 'On',
    'NetworkServices HTTP Mode': 'HTTPS',
    'HttpClient Mode': 'On',
    'HttpClient AllowInsecureHTTPS': null,
  },
  clock: null,
};

function steps(xapi: Xapi, facts = FACTS, wasDone = false) {
  const support = { baseline: null, addBackup: async () => undefined, wasDone: () => wasDone };
  const bound = bindSteps(new Visit(xapi, TARGET, facts, WISH, support), plan(facts, WISH, null));
  return (id: string) => {
    const step = bound.find((one) => one.plan.id === id);
    if (!step) throw new Error(`no step ${id}`);
    return step;
  };
}

describe("a codec's own words", () => {
  it.each([
    ['plain', (secret: string) => secret],
    ['quoted', (secret: string) => JSON.stringify(secret)],
  ])('are told without the passphrases that it echoes %s', async (_name, echo) => {
    const said = `bad value ${echo(WISH.login.password)} or ${echo(TARGET.password)} of otj-push`;
    const xapi: Xapi = {
      ...NO_LINK,
      get: async () => undefined,
      command: async () => {
        throw new OtjError('REFUSED', said);
      },
    };
    const error = await errorOf(() => steps(xapi)('account').apply?.());
    expect(error?.code).toBe('REFUSED');
    expect(error?.words).toMatch(/^bad value "?•••"? or "?•••"? of otj-push$/);
    expect(error?.cause).toBeUndefined();
  });
});

describe('meetings', () => {
  const arrives = (...lists: { ids: string[]; updated?: string }[]) => {
    let look = 0;
    const xapi: Xapi = {
      ...NO_LINK,
      get: async () => undefined,
      command: async () => {
        const { ids, updated } = lists[Math.min(look++, lists.length - 1)] ?? { ids: [] };
        return { status: 'OK', Booking: ids.map((Id) => ({ Id })), ...(updated ? { LastUpdated: updated } : {}) };
      },
    };
    const facts = { ...FACTS, bookings: { ids: ['old'], lastUpdated: '1' } };
    return steps(xapi, facts)('meeting');
  };

  it('prove nothing while they are the old ones, or none', async () => {
    expect((await arrives({ ids: ['old'], updated: '1' }).inspect()).holds).toBe(false);
    expect((await arrives({ ids: [], updated: '1' }).inspect()).holds).toBe(false);
    expect((await arrives({ ids: ['old'] }).inspect()).holds).toBe(false);
  });

  it('prove it when none of them was there before', async () => {
    expect((await arrives({ ids: ['new'] }).inspect()).holds).toBe(true);
    expect((await arrives({ ids: ['old', 'new'] }).inspect()).holds).toBe(false);
  });

  it('prove it when the list changes after the first look', async () => {
    const step = arrives(
      { ids: ['old'], updated: '1' },
      { ids: ['old'], updated: '1' },
      { ids: ['old'], updated: '2' },
    );
    const seen = [await step.inspect(), await step.inspect(), await step.inspect()];
    expect(seen.map(({ holds }) => holds)).toEqual([false, false, true]);
  });
});
