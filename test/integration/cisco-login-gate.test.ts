/** A login that codecs refuse only at the first reading over HTTPS: it is tried on one of them, and on none again. */
import { createServer } from 'node:https';
import { generate } from 'selfsigned';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { LoginGate } from '../../main/migration/loginGate.ts';
import { codecWork } from '../../main/services/roomCodec.ts';
import { openRoomDevice } from '../../main/services/roomDevice.ts';
import { run } from '../../main/services/run.ts';
import type { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';
import { type Answer, BEGIN, END, PAGE } from './cisco-web.ts';

const HTTPS_PORT = 9674;
const CODECS = 6;
const never = () => new AbortController().signal;
const pem = generate([{ name: 'commonName', value: 'codec' }], { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' });
const REFUSED: Answer = { status: 401, body: '401 Unauthorized' };
const BEGUN: Answer = { status: 204, headers: { 'set-cookie': 'SessionId=0a1b; Path=/' } };
let nets = 0;

/** Codecs with a room each, at which only HTTPS answers. @param answer @param visit how many requests this codec had before */
async function fleet(count: number, answer: (line: string, visit: number) => Answer) {
  const { private: key, cert } = await pem;
  const site = await tempSite({ sshPort: 9, httpsPort: HTTPS_PORT, timeoutMs: 3_000, concurrency: 4 });
  site.saveCredential('cisco-roomos', null, 'admin', 'wrong');
  const net = `127.74.${++nets}`;
  const log: string[] = [];
  let refused = 0;
  for (let at = 1; at <= count; at++) {
    let visit = 0;
    const server = createServer({ key, cert }, (request, response) => {
      request.resume();
      const line = `${request.method} ${request.url}`;
      log.push(line);
      const { status = 200, headers, body = '' } = answer(line, visit++);
      if (status === 401) refused++;
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => server.listen(HTTPS_PORT, `${net}.${at}`, resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    addRoom(site, { name: `R${at}`, mailbox: `r${at}@example.com`, address: `${net}.${at}` });
  }
  return { site, log, refusals: () => refused };
}

const work = (site: Site) =>
  run(site, { kind: 'migrate', rooms: site.rooms.all(), technician: 'Ada', signal: never(), listen: () => undefined });

const codes = (site: Site) =>
  site.rooms
    .all()
    .map(({ problem }) => problem?.code ?? '')
    .toSorted();

describe('a wrong password in a run over codecs', () => {
  it.each([
    ['without sessions', (line: string): Answer => (line === BEGIN ? {} : REFUSED)],
    [
      'whose sessions are over before the first reading',
      (line: string, visit: number): Answer => {
        if (line !== BEGIN) return { body: PAGE };
        return visit === 0 ? BEGUN : REFUSED;
      },
    ],
  ])('%s is refused once in all, also by a second run', async (_name, answer) => {
    const { site, refusals } = await fleet(CODECS, answer);
    await work(site);
    expect(refusals()).toBe(1);
    expect(codes(site)).toEqual([...Array(CODECS - 1).fill('CREDENTIAL_PAUSED'), 'LOGIN_REFUSED']);
    expect(site.credential('cisco-roomos')).toMatchObject({ proven: false, refused: true });
    await work(site);
    expect(refusals()).toBe(1);
  });

  it('that show a page to sign in is shown to none of their readings', async () => {
    const { site, log, refusals } = await fleet(CODECS, (line) => (line === BEGIN ? { body: PAGE } : REFUSED));
    await work(site);
    expect(refusals()).toBe(0);
    expect(log).toEqual(Array(CODECS).fill(BEGIN));
    expect(codes(site)).toEqual(Array(CODECS).fill('ODD_REPLY'));
    expect(site.credential('cisco-roomos')).toMatchObject({ proven: false, refused: false });
  });
});

describe('a codec', () => {
  it('that lets in and then tells too little has proven the login', async () => {
    const { site } = await fleet(1, (line) => (line === BEGIN ? BEGUN : { status: line === END ? 204 : 403 }));
    await work(site);
    expect(codes(site)).toEqual(['NOT_ADMIN']);
    expect(site.credential('cisco-roomos')).toMatchObject({ proven: true, refused: false });
  });

  it('is left without a session when what comes after the login fails', async () => {
    const { site, log } = await fleet(1, () => BEGUN);
    const [room] = site.rooms.all();
    if (!room) throw new Error('no room');
    const context = { site, gate: new LoginGate(), devices: new Map(), signal: never() };
    const work = { ...codecWork(never()), identify: () => Promise.reject(new OtjError('DISK')) };
    expect(await codeOf(() => openRoomDevice(context, room, false, work))).toBe('DISK');
    expect(log).toEqual([BEGIN, END]);
  });
});
