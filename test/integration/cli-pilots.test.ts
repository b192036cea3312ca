/** Pilots with the real command: asked for in a terminal by name, and given up by `otj poly drop`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it, onTestFailed, onTestFinished } from 'vitest';
import { roomLogin } from '../../main/services/roomLogin.ts';
import { answerEws } from '../lab/ews.ts';
import { startHttpsHost } from '../lab/https-host.ts';
import { startPoly } from '../lab/poly/poly.ts';
import { createWorld } from '../lab/world.ts';
import { jsonLines, otj, program } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { addRoom, PASSPHRASE, tempSite } from '../support/siteFile.ts';

/** Gives a program a terminal of its own; part of util-linux. */
const SCRIPT = '/usr/bin/script';
const ADMIN = { username: 'admin', password: 'Device-Admin-7654321' };
const NODE = 'otj1.example.com';
const NET = '127.151.7';
const PORT = 18_743;

/** Two Studios of one model, prepared, at a node that knows their logins. */
async function twoStudios() {
  const world = createWorld();
  const logins = new Map<string, { password: string; mailbox: string }>();
  const start = new Date(Date.now() + 600_000).toISOString();
  const node = await startHttpsHost({
    address: `${NET}.200`,
    port: 0,
    certificateNames: [NODE],
    handler: (request, response) =>
      answerEws(request, response, {
        realm: NODE,
        login: (name, secret) => (logins.get(name)?.password === secret ? logins.get(name)?.mailbox : undefined),
        meetings: () => [
          {
            ...{ id: 'm1', subject: 'Plan', organizer: { name: 'Ada', email: 'ada@example.com' } },
            ...{ start, minutes: 30, alias: 'plan@example.com' },
          },
        ],
        served: () => undefined,
      }),
  });
  onTestFinished(() => node.stop());
  world.names.set(NODE, { address: `${NET}.200`, port: node.port });
  const site = await tempSite({ httpsPort: PORT, proofMs: 20_000, proofEveryMs: 50 });
  site.saveCredential('poly-videoos', null, ADMIN.username, ADMIN.password);
  for (const at of [1, 2]) {
    const mailbox = `room-${at}@example.com`;
    const address = `${NET}.${at}`;
    const { room } = addRoom(site, { name: `Room ${at}`, mailbox, address, family: 'poly-videoos' });
    site.outbox.saveEntry({ roomId: room.id, entryId: at, createdByUs: true, before: null, server: NODE });
    const { username, password } = roomLogin(site, room, 'poly-videoos');
    logins.set(username, { password, mailbox });
    const device = await startPoly(
      {
        kind: 'poly-videoos',
        address,
        httpsPort: PORT,
        serial: `8L00000000${10 + at}`,
        mac: `00:E0:DB:00:00:${10 + at}`,
        model: 'StudioX50',
        software: '4.2.0',
        systemName: room.name,
        admin: ADMIN,
        calendar: { enabled: false, mailbox: '', domain: '', server: '', username: '', password: '' },
        pollMs: 50,
      },
      world,
    );
    onTestFinished(() => device.stop());
  }
  const states = () => site.rooms.all().map(({ state, problem }) => problem?.code ?? state);
  return { site, states };
}

/** Runs the command in a terminal, and types each answer when its question stands there. */
async function inTerminal(args: readonly string[], answers: readonly [question: string, answer: string][]) {
  const quoted = [process.execPath, program(args), ...args]
    .map((part) => `'${part.replaceAll("'", "'\\''")}'`)
    .join(' ');
  const child = spawn(SCRIPT, ['-qefc', quoted, '/dev/null'], {
    stdio: 'pipe',
    env: { ...process.env, TERM: 'xterm', CI: '' },
  });
  let shown = '';
  let seen = 0;
  // A question that is never asked is waited for until the test's time is over: then what was said tells why.
  onTestFailed(() => console.log(shown));
  onTestFinished(() => void child.kill());
  const left = [...answers];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [next] = left;
    if (!next || !shown.slice(seen).includes(next[0])) return;
    seen = shown.length;
    left.shift();
    child.stdin.write(`${next[1]}\r`);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, shown, unasked: left.map(([question]) => question) };
}

it.skipIf(!existsSync(SCRIPT))(
  'asks in a terminal who goes first; a no leaves all as they are, a yes brings the others along',
  async () => {
    const { site, states } = await twoStudios();
    const passphrase = ['Passphrase of', PASSPHRASE] as const;
    const question = 'Begin with Room 1, and do you watch it?';
    const no = await inTerminal(['run', site.path], [[...passphrase], [question, 'n']]);
    expect(no).toMatchObject({ code: 1, unasked: [] });
    expect(no.shown).toContain('Not confirmed: StudioX50 4.2.0, settings cal.*');
    expect(states()).toEqual(['PILOT_NEEDED', 'PILOT_NEEDED']);
    expect(site.pilots.all()).toEqual([]);

    const yes = await inTerminal(['run', site.path], [[...passphrase], [question, 'y']]);
    expect(yes).toMatchObject({ code: 0, unasked: [] });
    expect(yes.shown).not.toContain(PASSPHRASE);
    expect(states()).toEqual(['migrated', 'migrated']);
    expect(site.pilots.all()).toMatchObject([{ serial: '8L0000000011', problem: null }]);
  },
);

it('gives the unconfirmed pilot of a room up, and no other', async () => {
  const site = await tempSite();
  const { room } = addRoom(site, { name: 'Fjord', family: 'poly-videoos' });
  const begin = (gate: string) =>
    site.pilots.begin({
      gate,
      title: `StudioX50 ${gate}`,
      about: {},
      roomId: room.id,
      serial: 'S1',
      technician: 'Ada',
    });
  begin('4.2.0');
  begin('4.3.0');
  site.pilots.confirm('4.3.0', 'a meeting');
  const drop = ['--json', 'poly', 'drop', site.path, 'Fjord'];
  const dropped = await otj(drop);
  expect(jsonLines(dropped.stdout)).toEqual([{ type: 'dropped', room: 'Fjord' }]);
  expect(site.pilots.all().map(({ gate }) => gate)).toEqual(['4.3.0']);
  // What is confirmed is nobody's to give up.
  const again = await otjHere(drop);
  expect(again.code).not.toBe(0);
  expect(again.stdout + again.stderr).toContain('PILOT_NONE');
  expect(site.pilots.all()).toHaveLength(1);
  expect((await otjHere(['poly', 'drop', site.path, 'Nobody'])).code).toBe(2);
});
