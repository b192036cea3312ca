import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { SetupWish } from '../../main/contract/infinity.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { DeploymentSchema, GroupSchema, ProfileSchema, RuleSchema } from '../../main/infinity/resources.ts';
import { readSchema } from '../../main/infinity/schema.ts';
import { fittedWork, planSetup, type SetupState, TEMPLATE } from '../../main/infinity/template.ts';
import { RESOURCES } from '../lab/infinity/fields.ts';

const SECRET = 'never-in-a-step';
const graph = {
  kind: 'graph',
  name: 'Oslo calendars',
  fields: {
    client_id: '5b9ad7a4-6dd5-4a11-9f04-6f2a3c5f8a10',
    oauth_token_url: 'https://login.microsoftonline.com/x/oauth2/v2.0/token',
  },
  secret: SECRET,
} as const;
const wish: SetupWish = {
  group: 'Oslo rooms',
  location: 'oslo',
  profile: 'Oslo OTJ',
  calendar: graph,
  rules: ['pexipinfinity'],
};
const empty: SetupState = {
  locations: [{ id: 1, name: 'Oslo' }],
  groups: [],
  profiles: [],
  rules: [],
  calendars: [],
  endpoints: () => 0,
};
const uri = {
  profile: `${RESOURCE.profiles}3/`,
  location: `${RESOURCE.locations}1/`,
  graph: `${RESOURCE.graphDeployments}2/`,
};
const there: SetupState = {
  ...empty,
  calendars: [DeploymentSchema.parse({ id: 2, name: 'Oslo calendars', client_secret: 'x' })],
  profiles: [ProfileSchema.parse({ id: 3, name: 'Oslo OTJ', graph_deployment: uri.graph })],
  rules: [RuleSchema.parse({ id: 4, name: 'any', meeting_type: 'pexipinfinity', mjx_integration: uri.profile })],
  groups: [
    GroupSchema.parse({ id: 5, name: 'OSLO rooms', mjx_integration: uri.profile, system_location: uri.location }),
  ],
  endpoints: () => 12,
};
const actions = (state: SetupState, asked = wish) =>
  planSetup(state, asked).map(({ step }) => `${step.what} ${step.action}`);
const codeOf = (state: SetupState, asked: SetupWish) => {
  try {
    planSetup(state, asked);
    return null;
  } catch (thrown) {
    return thrown;
  }
};

describe('the plan of a set-up', () => {
  it('makes what is missing, in the order in which it depends, and shows no secret', () => {
    const works = planSetup(empty, wish);
    expect(works.map(({ step }) => `${step.what} ${step.action}`)).toEqual([
      'calendar create',
      'profile create',
      'rule create',
      'group create',
    ]);
    expect(JSON.stringify(works.map(({ step }) => step))).not.toContain(SECRET);
    expect(works[0]?.fields).toMatchObject({ client_secret: SECRET });
    expect(works[0]?.readable).not.toHaveProperty('client_secret');
  });

  it('makes nothing twice', () => {
    expect(actions(there)).toEqual(['calendar same', 'profile same', 'rule same', 'group same']);
  });

  it('mends a group that has no profile or another location, and says how many endpoints change with it', () => {
    const bare = {
      ...there,
      groups: [GroupSchema.parse({ id: 5, name: 'Oslo rooms', system_location: uri.location })],
    };
    const group = planSetup(bare, wish).at(-1);
    expect(group?.step).toMatchObject({
      action: 'change',
      touches: 12,
      fields: [{ field: 'mjx_integration', before: '', after: 'mjx_integration/3/' }],
    });
    expect(group?.fields).toEqual({ mjx_integration: uri.profile });
  });

  it('gives a profile without a calendar the wished one, and never takes one away', () => {
    const bare = { ...there, profiles: [ProfileSchema.parse({ id: 3, name: 'Oslo OTJ' })] };
    expect(actions(bare)[1]).toBe('profile change');
    const other = {
      ...there,
      profiles: [ProfileSchema.parse({ id: 3, name: 'Oslo OTJ', google_deployment: '/x/9/' })],
    };
    expect(codeOf(other, wish)).toMatchObject({ code: 'SETUP_CROSSED' });
    expect(codeOf(bare, { ...wish, calendar: null })).toMatchObject({ code: 'SETUP_UNFIT' });
    expect(codeOf(empty, { ...wish, calendar: null })).toMatchObject({ code: 'SETUP_UNFIT' });
  });

  it('holds a quota of Google to no more than is documented: a least, and no most', () => {
    const asked = (requests: string): SetupWish => ({
      ...wish,
      calendar: {
        kind: 'google',
        name: 'Oslo calendars',
        fields: { client_email: 'otj@lab.example', maximum_number_of_api_requests: requests },
        secret: SECRET,
      },
    });
    const [calendar] = planSetup(empty, asked('25000000'));
    expect(calendar?.fields).toMatchObject({ maximum_number_of_api_requests: 25_000_000 });
    for (const bad of ['9999', '1e99', 'many'])
      expect(codeOf(empty, asked(bad))).toMatchObject({ code: 'SETUP_UNFIT' });
  });

  it.each<[string, Partial<SetupWish>, string]>([
    ['no such location', { location: 'Atlantis' }, 'INFINITY_SETUP'],
    ['no name', { group: '  ' }, 'SETUP_UNFIT'],
    ['a name that is too long', { profile: 'x'.repeat(251) }, 'SETUP_UNFIT'],
    ['an unknown rule', { rules: ['fax'] }, 'SETUP_UNFIT'],
    [
      'a field of another kind',
      { calendar: { ...graph, fields: { ...graph.fields, ews_url: 'https://x' } } },
      'SETUP_UNFIT',
    ],
    ['no id', { calendar: { ...graph, fields: { ...graph.fields, client_id: '' } } }, 'SETUP_UNFIT'],
    ['an id that is none', { calendar: { ...graph, fields: { ...graph.fields, client_id: 'me' } } }, 'SETUP_UNFIT'],
    [
      'a quota that is none',
      { calendar: { ...graph, fields: { ...graph.fields, request_quota: '1' } } },
      'SETUP_UNFIT',
    ],
    ['no secret', { calendar: { ...graph, secret: '' } }, 'SETUP_UNFIT'],
  ])('is refused before anything is sent: %s', (_what, part, code) => {
    const thrown = codeOf(empty, { ...wish, ...part });
    expect(thrown).toMatchObject({ code });
    expect(String(thrown)).not.toContain(SECRET);
  });
});

describe('Exchange', () => {
  const exchange = (fields: Record<string, string>) => ({
    ...wish,
    calendar: {
      kind: 'exchange' as const,
      name: 'Exchange',
      fields: { service_account_username: 'u', ...fields },
      secret: 's',
    },
  });
  const KERBEROS = {
    authentication_method: 'KERBEROS',
    kerberos_realm: 'EXAMPLE.COM',
    kerberos_kdc: 'kdc.example.com',
    kerberos_exchange_spn: 'HTTP/mail.example.com',
  };

  it('over Kerberos is made with all that it needs, and not without', () => {
    expect(planSetup(empty, exchange(KERBEROS))[0]?.fields).toMatchObject(KERBEROS);
    for (const field of ['kerberos_realm', 'kerberos_kdc', 'kerberos_exchange_spn'])
      expect(codeOf(empty, exchange({ ...KERBEROS, [field]: '' }))).toMatchObject({ code: 'SETUP_UNFIT' });
    const { authentication_method: _, ...left } = KERBEROS;
    expect(planSetup(empty, exchange(left))[0]?.fields).not.toHaveProperty('kerberos_realm');
  });

  it('over OAuth is said to be made by hand', () => {
    expect(String(codeOf(empty, exchange({ authentication_method: 'OAUTH' })))).toContain('sign in on Infinity');
  });
});

describe('a rule that is switched off', () => {
  it('is no rule: it is shown and switched on', () => {
    const rules = there.rules.map((rule) => ({ ...rule, enabled: false }));
    const work = planSetup({ ...there, rules }, wish).find(({ step }) => step.what === 'rule');
    expect(work).toMatchObject({
      step: { action: 'change', fields: [{ field: 'enabled', before: 'false', after: 'true' }] },
      fields: { enabled: true },
    });
  });
});

describe('the connected version', () => {
  const field = (more: Record<string, unknown> = {}) => ({ blank: true, nullable: true, readonly: false, ...more });
  const RULE = ['priority', 'enabled', 'mjx_integration', 'meeting_type', 'name'];
  const sent = (more: Record<string, unknown>) => {
    const rule = planSetup(empty, wish).find(({ step }) => step.what === 'rule');
    const fields = { ...Object.fromEntries(RULE.map((name) => [name, field()])), ...more };
    if (!rule) throw new Error('no rule');
    try {
      return fittedWork(rule, readSchema(JSON.stringify({ fields }))).step.fields.map(({ after }) => after);
    } catch (thrown) {
      return thrown instanceof OtjError ? thrown.code : thrown;
    }
  };

  it.each([
    ['a choice that it has not', { meeting_type: field({ valid_choices: ['teams'] }) }, 'INFINITY_VERSION'],
    ['a value that is too long', { name: field({ help_text: 'Maximum length: 5 characters.' }) }, 'SETUP_UNFIT'],
    [
      'a field that it demands',
      { tenant: field({ blank: false, nullable: false, default: 'No default provided.' }) },
      'INFINITY_VERSION',
    ],
  ])('is not sent %s', (_, more, code) => expect(sent(more)).toBe(code));

  it('is written in its own words, and shown so', () => {
    expect(sent({ meeting_type: field({ valid_choices: ['PexipInfinity'] }) })).toContain('PexipInfinity');
  });
});

/** The lab's tables were written from the references, not from the template. */
describe('the template', () => {
  it.each(['graph', 'exchange', 'google'] as const)('sends only fields that a deployment of kind %s has', (kind) => {
    const { fields, secret } = TEMPLATE.calendars[kind];
    const known = RESOURCES.get(`mjx_${kind}_deployment`)?.fields ?? {};
    expect([...fields.map(({ field }) => field), secret.field].filter((field) => !(field in known))).toEqual([]);
    expect(known[secret.field]?.secret).toBe(true);
  });

  it('sends only fields that a profile has, and its defaults are those of Infinity', () => {
    const known = RESOURCES.get('mjx_integration')?.fields ?? {};
    for (const [field, value] of Object.entries(TEMPLATE.profile))
      expect([field, known[field]?.default]).toEqual([field, value]);
  });
});
