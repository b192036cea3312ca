import { describe, expect, it } from 'vitest';
import type { SetupWish } from '../../main/contract/infinity.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { DeploymentSchema, GroupSchema, ProfileSchema, RuleSchema } from '../../main/infinity/resources.ts';
import { planSetup, type SetupState, TEMPLATE } from '../../main/infinity/template.ts';
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
    expect(codeOf(other, wish)).toMatchObject({ code: 'INFINITY_CONFLICT' });
    expect(codeOf(bare, { ...wish, calendar: null })).toMatchObject({ code: 'SETUP_UNFIT' });
    expect(codeOf(empty, { ...wish, calendar: null })).toMatchObject({ code: 'SETUP_UNFIT' });
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
