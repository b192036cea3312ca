/** What both transports promise of the xAPI, on each generation: the same calls, the same answers, the same refusals. */
import { describe, expect, it } from 'vitest';
import { openCodec } from '../../../main/endpoints/cisco/connect.ts';
import { readBookings } from '../../../main/endpoints/cisco/facts/bookings.ts';
import { readMacros } from '../../../main/endpoints/cisco/facts/macros.ts';
import { exportPanels, readPanels } from '../../../main/endpoints/cisco/facts/panels.ts';
import { optional } from '../../../main/endpoints/cisco/facts/reads.ts';
import { readUsers } from '../../../main/endpoints/cisco/facts/users.ts';
import { readFacts } from '../../../main/endpoints/cisco/facts.ts';
import { leaf } from '../../../main/endpoints/cisco/xapi.ts';
import { codec, GUEST, snapshot, target } from '../../integration/cisco-visit.ts';
import { GENERATIONS, TC7 } from '../../lab/cisco/generations.ts';
import { codeOf } from '../../support/codeOf.ts';
import { address, eachCodec, failure, noSessionLeft } from './codecs.ts';

const ADMIN_PASSPHRASE = 'Device "Admin" \\ 7654321';
const never = new AbortController().signal;
/** Texts that have bitten clients of either transport. */
const AWKWARD: readonly [string, string][] = [
  ['nothing at all', ''],
  ['quotes, backslashes and dollars', `a"b'c\`d\\e\\\\f $\{x} %s\\n`],
  ['accents, CJK and emoji', 'Zażółć æøå ñ 会议室 🎥👩‍💻 e\u0301'],
  ['every way to end a line', 'one\r\ntwo\nthree\rfour\r\n'],
  ['a lone dot, an OK and an end mark', 'a\n.\nOK\n** end\nERROR\n*r Login successful\n{12} \nxCommand Dial\n'],
  ['blanks and tabs at both ends', '  \t\n\n x \t\n\n '],
  ['entities and markup', '&lt;b&gt; &amp;amp; &#10; <![CDATA[ x ]]> ]]> </body></Command> <?xml?> <!-- -->'],
  ['JSON and result ids', '{"ResultId": "1"}\n | resultId="7"\n}\n{\n'],
  ['a long line', `const x = '${'y'.repeat(70_000)}';`],
];

eachCodec(({ name, transport, hasMacros, way, start, open }) => {
  it('signs in once, tells how, reads who it is, and leaves no session', async () => {
    const device = await start();
    const xapi = await open(device);
    expect(xapi.link.transport).toBe(transport);
    expect(xapi.link.weakness === null).toBe(name !== 'ce8');
    expect(snapshot(device).sessions).toBe(1);
    const facts = await readFacts(xapi);
    const { serial, mac, model, systemName } = device.spec;
    const { software } = GENERATIONS[name];
    expect(facts.identity).toEqual({ serial, mac, model, software, systemName });
    expect(facts.firmware).toMatchObject({ id: expect.any(String), known: true, refused: null });
    expect(facts.macros).toEqual(snapshot(device).macros);
    expect(facts.users?.map(({ username, roles }) => [username, roles])).toEqual([
      ['admin', ['Admin']],
      ['guest', ['User']],
    ]);
    expect(facts.panels.map(({ id }) => id)).toEqual(hasMacros ? ['lights'] : []);
    expect(facts).toMatchObject({ inCall: false, starting: false, bookings: { ids: [] } });
    expect(facts.settings['NetworkServices HTTP Mode']).toMatch(/^HTTPS$|^HTTP\+HTTPS$/);
    await xapi.close();
    await noSessionLeft(device);
  });

  it('tells the same refusals for what is not there and what does not fit, and goes on', async () => {
    const device = await start();
    const before = device.snapshot();
    const xapi = await open(device);
    expect(await optional(xapi.get('Status', 'Otj Nothing'))).toBeUndefined();
    expect(await optional(xapi.get('Configuration', 'Otj Nothing'))).toBeUndefined();
    const unknown = await failure(() => xapi.command('Otj Nothing'));
    expect(unknown).toMatchObject({ code: 'REFUSED', words: expect.stringContaining('Unknown command') });
    expect(await codeOf(() => xapi.set('Otj Nothing', 'On'))).toBe('REFUSED');
    expect(await codeOf(() => xapi.set('Audio DefaultVolume', 'loud'))).toBe('REFUSED');
    expect(await codeOf(() => xapi.command('Bookings List', { Days: 'none' }))).toBe('REFUSED');
    expect(await codeOf(() => xapi.command('UserManagement User Get', { Username: 'nobody' }))).toBe('REFUSED');
    // A line break would begin another command over SSH; over neither way does it leave this computer.
    expect(await codeOf(() => xapi.set('SystemUnit Name', 'a\nxCommand SystemUnit Boot'))).toBe('ODD_REPLY');
    expect(leaf(await xapi.get('Status', 'SystemUnit ProductId'))).toBe(device.spec.model);
    expect(device.snapshot()).toEqual({ ...before, sessions: 1 });
    await xapi.close();
    await noSessionLeft(device);
  });

  it('sets texts and numbers as they are', async () => {
    const xapi = await open(await start());
    for (const value of ['Fjord "7" \\ æøå 会 & <b> \' %', ' two  blanks ', 'Off']) {
      await xapi.set('SystemUnit Name', value);
      expect(leaf(await xapi.get('Configuration', 'SystemUnit Name'))).toBe(value);
    }
    await xapi.set('Audio DefaultVolume', 33);
    expect(leaf(await xapi.get('Configuration', 'Audio DefaultVolume'))).toBe('33');
  });

  it('answers many readings at once, each with its own', async () => {
    const xapi = await open(await start());
    const paths = ['ProductId', 'Software Version', 'Hardware Module SerialNumber', 'Uptime'];
    const all = await Promise.all([...paths, ...paths].map((path) => xapi.get('Status', `SystemUnit ${path}`)));
    expect(all.slice(0, 3).map(leaf)).toEqual(all.slice(4, 7).map(leaf));
    expect(new Set(all.slice(0, 3).map(leaf)).size).toBe(3);
  });

  it('keeps users: an Admin only with the own passphrase, never a second one of the name', async () => {
    const device = await start();
    const xapi = await open(device);
    const user = { Username: 'otj-push', Passphrase: 'Wish "Secret" \\ 1234', Role: ['Admin', 'User'] };
    const flags = { PassphraseChangeRequired: false, Active: true };
    expect(await codeOf(() => xapi.command('UserManagement User Add', { ...user, ...flags }))).toBe('REFUSED');
    const whole = { ...user, ...flags, YourPassphrase: ADMIN_PASSPHRASE };
    await xapi.command('UserManagement User Add', whole);
    expect(await codeOf(() => xapi.command('UserManagement User Add', whole))).toBe('REFUSED');
    const added = (await readUsers(xapi)).find(({ username }) => username === 'otj-push');
    expect(added).toMatchObject({ active: true, passphraseChangeRequired: false });
    expect(added?.roles.toSorted()).toEqual(['Admin', 'User']);
    const own = await open(device, { username: user.Username, password: user.Passphrase });
    expect((await readBookings(own)).ids).toEqual([]);
    await own.close();
    const away = { Username: user.Username, YourPassphrase: ADMIN_PASSPHRASE };
    await xapi.command('UserManagement User Delete', away);
    expect(await codeOf(() => xapi.command('UserManagement User Delete', away))).toBe('REFUSED');
    expect((await readUsers(xapi)).map(({ username }) => username)).toEqual(['admin', 'guest']);
  });

  it('lets a user without the role do nothing', async () => {
    const device = await start();
    const before = device.snapshot();
    const guest = { username: GUEST.username, password: GUEST.passphrase };
    const end = await codeOf(async () => {
      const xapi = await open(device, guest);
      await xapi.command('UserManagement User Delete', { Username: 'admin' });
    });
    // The manuals of CE 8 and 9 do not let it in over HTTPS at all.
    expect(end).toBe(transport === 'https' && /^ce/.test(name) ? 'LOGIN_REFUSED' : 'REFUSED');
    expect(device.snapshot().users).toEqual(before.users);
  });

  it.runIf(hasMacros)('shows meetings and clears them', async () => {
    const xapi = await open(await start());
    const Time = { StartTime: new Date(Date.now() + 3_600_000).toISOString(), Duration: 30 };
    const one = { Title: 'Møte "A" & <B>', Number: 'a@example.com', Protocol: 'SIP', Organizer: { Name: 'Ada' }, Time };
    await xapi.command(
      'Bookings Put',
      {},
      JSON.stringify({
        Bookings: [
          { ...one, Id: 'a' },
          { ...one, Id: 'b' },
        ],
      }),
    );
    expect((await readBookings(xapi)).ids).toEqual(['a', 'b']);
    await xapi.command('Bookings Clear');
    expect((await readBookings(xapi)).ids).toEqual([]);
  });

  it.runIf(hasMacros)('keeps panels, and tells that one has changed', async () => {
    const xapi = await open(await start());
    const body =
      '<Extensions><Panel><Name>Dører &amp; "lys" 🎥</Name><Page><Row><Name>På</Name></Row></Page></Panel></Extensions>';
    await xapi.command('UserInterface Extensions Panel Save', { PanelId: 'doors' }, body);
    const { list } = await readPanels(xapi);
    expect(list.map(({ id }) => id)).toEqual(['lights', 'doors']);
    await xapi.command('UserInterface Extensions Panel Save', { PanelId: 'doors' }, body.replace('lys', 'Lys'));
    const moved = await readPanels(xapi);
    expect(moved.list[0]).toEqual(list[0]);
    expect(moved.list[1]?.sha256).not.toBe(list[1]?.sha256);
    const { layouts } = await exportPanels(xapi);
    // The list tells nothing of what is on the pages of a panel.
    const page = body.replace('lys', 'Lys').replace('På', 'Av');
    await xapi.command('UserInterface Extensions Panel Save', { PanelId: 'doors' }, page);
    expect((await readPanels(xapi)).list).toEqual(moved.list);
    const now = (await exportPanels(xapi)).layouts;
    expect([...now.keys()]).toEqual(['lights', 'doors']);
    expect(now.get('lights')).toBe(layouts.get('lights'));
    expect(now.get('doors')).not.toBe(layouts.get('doors'));
    await xapi.command('UserInterface Extensions Panel Remove', { PanelId: 'doors' });
    expect((await readPanels(xapi)).list).toEqual([list[0]]);
  });

  it.runIf(!hasMacros)('has no macros to tell of', async () => {
    const xapi = await open(await start());
    expect(await codeOf(() => readMacros(xapi))).toBe('REFUSED');
    expect((await readFacts(xapi)).macros).toEqual([]);
  });

  it.runIf(hasMacros)('keeps macros byte for byte, whatever their text', async () => {
    const device = await start({ macros: [] });
    const xapi = await open(device);
    for (const [at, [, content]] of AWKWARD.entries())
      await xapi.command('Macros Macro Save', { Name: `m-${at}`, Overwrite: true, Transpile: false }, content);
    const expected = AWKWARD.map(([, content], at) => ({ name: `m-${at}`, content, active: false }));
    // Told by the codec itself, not by us: what a transport breaks both ways would look whole.
    expect(snapshot(device).macros).toEqual(expected);
    expect(await readMacros(xapi)).toEqual(expected);
  });

  it.runIf(hasMacros)('keeps a macro of 1 MB', async () => {
    const device = await start({ macros: [] });
    const xapi = await open(device, { timeoutMs: 20_000 });
    const content = `// ${'é"\\\n'.repeat(210_000)}`;
    await xapi.command('Macros Macro Save', { Name: 'big', Overwrite: true, Transpile: false }, content);
    expect(snapshot(device).macros[0]?.content === content).toBe(true);
    expect((await readMacros(xapi))[0]?.content === content).toBe(true);
  });

  it.runIf(hasMacros)('switches, replaces and removes macros, and refuses what is not there', async () => {
    const device = await start();
    const xapi = await open(device);
    const Name = 'camera-presets';
    const active = async () => (await readMacros(xapi)).find((one) => one.name === Name)?.active;
    await xapi.command('Macros Macro Deactivate', { Name });
    expect(await active()).toBe(false);
    await xapi.command('Macros Macro Activate', { Name });
    expect(await active()).toBe(true);
    await xapi.command('Macros Macro Save', { Name, Overwrite: true, Transpile: false }, '// other');
    expect((await readMacros(xapi)).find((one) => one.name === Name)?.content).toBe('// other');
    await xapi.command('Macros Macro Remove', { Name });
    expect(await active()).toBeUndefined();
    for (const action of ['Remove', 'Activate', 'Deactivate'])
      expect(await codeOf(() => xapi.command(`Macros Macro ${action}`, { Name }))).toBe('REFUSED');
    await xapi.command('Macros Runtime Restart');
    expect(snapshot(device).macros.map((one) => one.name)).not.toContain(Name);
  });

  it.runIf(hasMacros)('refuses a text that would not come back, before anything is changed', async () => {
    const device = await start();
    const before = snapshot(device).macros;
    const xapi = await open(device);
    for (const content of ['a\0b', 'half \ud83d'])
      expect(
        await codeOf(() => xapi.command('Macros Macro Save', { Name: 'camera-presets', Overwrite: true }, content)),
      ).toBe('MACRO_UNFIT');
    expect(snapshot(device).macros).toEqual(before);
    expect(await readMacros(xapi)).toEqual(before);
  });

  it('ends its session also after a reading that failed, and when it was told to stop while signing in', async () => {
    const device = await start();
    const xapi = await open(device);
    await codeOf(() => xapi.command('Otj Nothing'));
    await xapi.close();
    await xapi.close();
    await noSessionLeft(device);
    const stop = new AbortController();
    const late = openCodec(target(device, way), stop.signal);
    stop.abort();
    expect(await codeOf(() => late)).toBe('CANCELLED');
    await noSessionLeft(device);
  });
});

describe('TC 7', () => {
  it.each(['ssh', 'https'] as const)('is recognised over %s, and refused with the reason', async (transport) => {
    const device = await codec({ ...TC7, macros: [], panels: [], settings: {}, address: address() });
    const before = device.snapshot();
    const xapi = await openCodec(target(device, { transport, legacy: true }), never);
    const error = await failure(() => readFacts(xapi));
    expect(error).toMatchObject({ code: 'UNSUPPORTED', words: expect.stringContaining('TC7.3.3') });
    await xapi.close();
    await noSessionLeft(device);
    expect(device.snapshot()).toEqual(before);
  });

  it.each(['ssh', 'https'] as const)(
    'is not spoken to over %s while old encryption is not allowed',
    async (transport) => {
      const device = await codec({ ...TC7, macros: [], panels: [], settings: {}, address: address() });
      expect(await codeOf(() => openCodec(target(device, { transport }), never))).toBe('LEGACY_NEEDED');
      expect(snapshot(device).users.map(({ failedLogins }) => failedLogins)).toEqual([0, 0]);
    },
  );
});
