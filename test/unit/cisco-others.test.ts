/** The proof that nothing else moved: it must see every kind of thing that could. */
import { describe, expect, it } from 'vitest';
import { readFacts } from '../../main/endpoints/cisco/facts.ts';
import { plan } from '../../main/endpoints/cisco/plan.ts';
import { Visit } from '../../main/endpoints/cisco/steps/visit.ts';
import { bindSteps } from '../../main/endpoints/cisco/steps.ts';
import type { Wish } from '../../main/endpoints/driver.ts';
import { CISCO_TARGET, CISCO_WISH, OTJ_TEXT } from '../support/ciscoFacts.ts';
import { codecOf, type Replies } from '../support/treeCodec.ts';

const WISH: Wish = { ...CISCO_WISH, tidyHttpClient: true };
const value = (Value: string) => ({ Value });
const macro = (name: string, content: string, active = 'True') => ({
  Name: value(name),
  Content: value(content),
  Active: value(active),
});
const user = (name: string, ...roles: string[]) => ({
  Username: value(name),
  Active: value('True'),
  Roles: roles.map((role) => ({ Role: value(role) })),
});

interface Now {
  macros?: object[];
  users?: object[];
  panels?: object[];
  /** As the codec exports them; an unknown command when absent. */
  layouts?: object;
  hosts?: object[];
  settings?: Replies['Configuration'];
}

const HOSTS = [
  { Id: value('1'), Expression: value('a.example.com') },
  { Id: value('2'), Expression: value('otj.pexip.io') },
];
const MACROS = [macro('lights', 'console.log(1)'), macro('otj-macro', OTJ_TEXT)];
const USERS = [user('admin', 'Admin'), user('guest', 'User')];
const PANELS = [{ id: '1', PanelId: value('lights'), Name: value('Lights') }];
const SETTINGS = { Macros: { Mode: 'On', AutoStart: 'On' }, HttpClient: { Mode: 'On', AllowHTTP: 'True' } };

function codec({ macros = MACROS, users = USERS, panels = PANELS, layouts, hosts = HOSTS, settings = {} }: Now) {
  const ok = { status: 'OK' };
  return codecOf({
    Configuration: { ...SETTINGS, ...settings },
    commands: {
      'Macros Macro Get': { ...ok, Macro: macros },
      'UserManagement User List': { ...ok, User: users },
      'UserInterface Extensions List': { ...ok, Extensions: { Panel: panels } },
      ...(layouts ? { 'UserInterface Extensions Export': { ...ok, ...layouts } } : {}),
      'HttpClient Allow Hostname List': { ...ok, Hostname: hosts },
      'Bookings List': ok,
    },
  });
}

/** Facts from a codec as it was, the proof from one as it is now. */
async function prove(now: Now, before: Now = {}) {
  const facts = await readFacts(codec(before));
  const steps = plan(facts, WISH, null);
  const support = {
    baseline: null,
    addBackup: async () => undefined,
    wasDone: () => false,
    meantAt: () => null,
    isEntryOwed: () => false,
  };
  const visit = new Visit({ xapi: codec(now), target: CISCO_TARGET }, facts, WISH, support, steps);
  return bindSteps(visit)
    .find(({ plan: { id } }) => id === 'check.others')
    ?.inspect();
}

describe('the proof that all others are as before', () => {
  it.each<[string, Now]>([
    ['nothing at all', {}],
    ['what the plan takes', { macros: MACROS.slice(0, 1), hosts: HOSTS.slice(0, 1) }],
    ['the account that the plan makes', { users: [...USERS, user('otj-push', 'Admin')] }],
    ['a setting that the plan sets', { settings: { HttpClient: { Mode: 'Off', AllowHTTP: 'True' } } }],
    ['the order of things', { macros: MACROS.toReversed(), users: USERS.toReversed() }],
    ['the number of a panel within the list', { panels: [{ ...PANELS[0], id: '7' }] }],
  ])('holds when %s moved', async (_name, now) => {
    expect(await prove(now)).toMatchObject({ holds: true });
  });

  it.each<[string, Now]>([
    ['Macro lights', { macros: [macro('lights', 'console.log(2)'), macro('otj-macro', OTJ_TEXT)] }],
    ['Macro lights', { macros: [macro('lights', 'console.log(1)', 'False')] }],
    ['Macro lights', { macros: [] }],
    ['Macro new', { macros: [...MACROS, macro('new', '')] }],
    ['User guest', { users: USERS.slice(0, 1) }],
    ['User guest', { users: [user('admin', 'Admin'), user('guest', 'User', 'Admin')] }],
    ['User new', { users: [...USERS, user('new', 'User')] }],
    ['Panel lights', { panels: [] }],
    ['Panel lights', { panels: [{ ...PANELS[0], Name: value('Other') }] }],
    ['HttpClient Allow Hostname a.example.com', { hosts: HOSTS.slice(1) }],
    ['HttpClient Allow Hostname b', { hosts: [...HOSTS, { Id: value('3'), Expression: value('b') }] }],
    ['Macros AutoStart', { settings: { Macros: { Mode: 'On', AutoStart: 'Off' } } }],
    ['HttpClient AllowHTTP', { settings: { HttpClient: { Mode: 'Off', AllowHTTP: 'False' } } }],
    ['Macros Mode', { settings: { Macros: { AutoStart: 'On' } } }],
  ])('tells that %s moved', async (what, now) => {
    const seen = await prove(now);
    expect(seen).toMatchObject({ holds: false, problem: { code: 'NOT_CONFIRMED' } });
    expect(seen?.words).toContain(what);
  });
});

describe('the layout of a panel', () => {
  const tree = (...widgets: string[]) => ({
    Extensions: {
      Version: value('1.11'),
      Panel: [
        {
          id: '1',
          PanelId: value('lights'),
          Page: [
            {
              id: '1',
              Row: widgets.map((text, at) => ({ id: `${at + 1}`, Widget: [{ id: '1', Name: value(text) }] })),
            },
          ],
        },
      ],
    },
  });
  const rows = (widgets: string[]) =>
    widgets.map((text) => `<Row><Widget><Name>${text}</Name></Widget></Row>`).join('');
  const text = (...widgets: string[]) => ({
    Export: value(
      `<?xml version="1.0"?>\n<Extensions><Panel><PanelId>lights</PanelId><Page>${rows(widgets)}</Page></Panel></Extensions>`,
    ),
  });

  it.each<[string, object, object]>([
    ['a tree', tree('On', 'Off'), tree('On', 'Off')],
    ['text', text('On', 'Off'), text('On', 'Off')],
    ['one told in both ways', tree('On', 'Off'), text('On', 'Off')],
    [
      'an archive, of which nobody knows what two of the same look like',
      { Export: value('UEsD1') },
      { Export: value('UEsD2') },
    ],
    ['text that is no XML', { Export: value('<Extensions><Panel>') }, { Export: value('<oh>') }],
    ['one that is not told any more', tree('On'), { Nothing: value('') }],
  ])('is as before: %s', async (_how, before, now) => {
    expect(await prove({ layouts: now }, { layouts: before })).toMatchObject({ holds: true });
  });

  it.each<[string, object, object]>([
    ['another word', tree('On', 'Off'), tree('On', 'Out')],
    ['another order', tree('On', 'Off'), tree('Off', 'On')],
    ['one widget less', tree('On', 'Off'), tree('On')],
    ['another word, in text', text('On'), text('Out')],
  ])('is told to have moved: %s', async (_how, before, now) => {
    const seen = await prove({ layouts: now }, { layouts: before });
    expect(seen).toMatchObject({ holds: false, problem: { code: 'NOT_CONFIRMED' } });
    expect(seen?.words).toContain('Layout of panel lights');
  });
});
