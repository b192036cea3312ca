/** The work itself, in the process or in a thread of it: see work.ts. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isMainThread, workerData } from 'node:worker_threads';
import { Agent } from 'undici';
import { prepare } from '../../../main/services/prepare.ts';
import { Site } from '../../../main/site/site.ts';
import type { PlatformReady } from './platform.ts';
import { checkReadiness } from './readiness.ts';

const PASSPHRASE = 'Bench-Passphrase-1';
const IN_FLIGHT = 5;
const LOGIN = { username: 'admin', password: 'secret' };

const [what = '', path = '', count = '0'] = process.argv.slice(2);
const platform = isMainThread ? (JSON.parse(readFileSync(3, 'utf8')) as PlatformReady) : (workerData as PlatformReady);
const { signal } = new AbortController();
await work();

async function work(): Promise<void> {
  switch (what) {
    case 'make':
      await make(Number(count));
      say({});
      break;
    case 'prepare':
      await measured(async (site) => {
        const rooms = site.rooms.all();
        const result = await prepare(site, { rooms, signal, perMinute: Number(count), done: () => undefined });
        const problem = result.rooms.find((room) => room.problem)?.problem;
        if (problem) throw new Error(`${problem.code} ${problem.words}`);
      });
      break;
    case 'check':
      await measured((site) => checkReadiness(site, signal));
      break;
    case 'plain':
      await plain(Number(count));
      break;
    default:
      throw new Error(`not known: ${what}`);
  }
}

function say(told: object): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

async function make(rooms: number): Promise<void> {
  const pin = new X509Certificate(platform.certificate).fingerprint256.replaceAll(':', '').toLowerCase();
  const infinity = { address: platform.address, port: platform.port, group: 'Oslo', pin };
  const site = await Site.create(path, PASSPHRASE, { infinity });
  site.saveCredential('infinity', null, LOGIN.username, LOGIN.password);
  site.db.transaction(() => {
    for (let at = 1; at <= rooms; at++) {
      const room = {
        name: `Room ${at}`,
        building: 'Oslo',
        floor: String(at % 20),
        mailbox: `room-${at}@bench.example`,
      };
      const address = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
      const family = at % 3 === 0 ? 'poly-videoos' : 'cisco-roomos';
      site.rooms.upsert({ ...room, address, serial: null, family }, { sshPort: 22, httpsPort: 443 });
    }
  });
  site.close();
}

async function measured(work: (site: Site) => Promise<void>): Promise<void> {
  const site = Site.open(path);
  await site.unlock(PASSPHRASE);
  // The key derivation of the passphrase takes 64 MB for a moment and is over: what counts is the work.
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const watch = setInterval(look, 100);
  const from = performance.now();
  await work(site);
  const ms = performance.now() - from;
  clearInterval(watch);
  look();
  say({ ms, peakMb: peak / 1024 / 1024 });
  site.close();
}

/** Creates so many entries and looks at none of them: the least that five connections can do it with. */
async function plain(entries: number): Promise<void> {
  const { address, port, certificate } = platform;
  const agent = new Agent({ connections: IN_FLIGHT, pipelining: 1, connect: { ca: certificate } });
  const authorization = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;
  const headers = { authorization, accept: 'application/json', 'content-type': 'application/json' };
  const origin = `https://${address}:${port}`;
  const path = '/api/admin/configuration/v1/mjx_endpoint/';
  const fields = {
    description: 'Oslo, floor 3',
    endpoint_type: 'CISCO',
    mjx_endpoint_group: '/api/admin/configuration/v1/mjx_endpoint_group/1/',
    api_address: '10.0.0.1',
    api_username: 'otj-push',
    api_password: 'x'.repeat(24),
    use_https: 'YES',
    verify_cert: 'NO',
  };
  let left = entries;
  const line = async () => {
    while (left-- > 0) {
      const body = JSON.stringify({
        name: `Plain ${left}`,
        room_resource_email: `plain-${left}@bench.example`,
        ...fields,
      });
      const reply = await agent.request({ origin, path, headers, method: 'POST', body });
      if (reply.statusCode !== 201) throw new Error(`HTTP ${reply.statusCode}`);
      await reply.body.dump();
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, line));
  say({ ms: performance.now() - from });
  // so that what comes next finds the platform as it was
  await (await agent.request({ origin, path, headers, method: 'DELETE' })).body.dump();
  await agent.close();
}
