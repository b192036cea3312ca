/** The search for devices against many real sockets, in a network namespace: who is found, named, and left in peace. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type Confirmed, confirmIdentities } from '../../main/services/confirm.ts';
import { discover, type Found } from '../../main/services/discover.ts';
import type { Site } from '../../main/site/site.ts';
import flap from '../support/flap.ts';
import { inNamespace } from '../support/namespace.ts';
import { startHosts } from '../support/networkHosts.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { LOGIN, SERIALS, startRealDevices } from '../support/realDevices.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const PORTS = { https: 443, ssh: 22, http: 80, sip: 5060 };
/** Kinds that are moved, by a driver or by hand. */
const HAS_FAMILY = /^(?:cisco-(?:roomos|tc)|poly-(?:videoos|group|trio|hdx|debut))$/;
const net = (last: number) =>
  Array.from({ length: last }, (_, at) => `127.20.${Math.floor(at / 250)}.${(at % 250) + 1}`);

function look(site: Site, ranges: string[], change: Partial<Parameters<typeof discover>[1]> = {}) {
  const found: Found[] = [];
  const troubles: string[] = [];
  const ended = discover(site, {
    ...{ ranges, sshPort: PORTS.ssh, httpsPort: PORTS.https, allowPublic: false, rate: 2_000 },
    signal: new AbortController().signal,
    progress: () => undefined,
    found: (one) => void found.push(one),
    trouble: (words) => void troubles.push(words),
    ...change,
  });
  return { found, troubles, ended };
}

inNamespace(import.meta.url, 'looking through a network', () => {
  it('finds 1,000 hosts and names each rightly, without one login', async () => {
    const hosts = await startHosts({ addresses: net(1_000), rttMs: 0, ports: PORTS });
    const devices = await startRealDevices('127.21.0');
    try {
      const site = await tempSite();
      const { found, ended } = look(site, ['127.20.0.0/22', '127.21.0.1-9']);
      const result = await ended;
      const seen = new Map(found.map((one) => [one.address, one]));
      const wrong = hosts.hosts.filter(({ address, kind, ours }) => {
        const one = seen.get(address);
        return one?.kind !== kind || one.ours !== ours || (one.family !== null) !== HAS_FAMILY.test(kind);
      });
      expect(
        wrong.map(({ address, kind }) => `${address} ${kind}: ${seen.get(address)?.evidence}`).slice(0, 5),
      ).toEqual([]);
      const ours = hosts.hosts.filter((one) => one.ours).length;
      expect(result).toMatchObject({ looked: 1_022 + 9, ours: ours + 3, answered: 1_003, noRoute: 0 });
      // None that is nobody's is taken for a device.
      const strangers = found.filter(
        ({ address, kind }) => kind && !hosts.hosts.some((one) => one.address === address),
      );
      expect(strangers.map(({ kind }) => kind).sort()).toEqual(devices.kinds);
      expect(await hosts.suspicious()).toEqual([]);
      expect(devices.failedLogins()).toBe(0);
      expect(site.evidence.search()).toBeNull();
      const codec = site.rooms.endpointAt('127.20.0.2');
      expect(codec?.seen).toMatchObject({ model: 'Cisco-RoomKit', software: 'ce9.15.0.d97b604b745' });
      expect(codec?.conflicts).toEqual([]);
      // A certificate is words of a stranger like any other; Node writes names as RFC 2253 has it.
      const facts = site.evidence.factsOf(site.rooms.endpointAt('127.20.0.8')?.id ?? 0);
      expect(facts.find(({ source, name }) => source === 'tls' && name === 'subject')?.value).toBe(
        String.raw`CN=\<script\>alert(1)\</script\>Board`,
      );

      // With logins, and only now, each says who it is.
      site.saveCredential('cisco-roomos', null, LOGIN.username, LOGIN.password);
      site.saveCredential('poly-videoos', null, LOGIN.username, LOGIN.password);
      const told: Confirmed[] = [];
      const { signal } = new AbortController();
      const count = await confirmIdentities(site, new Set(devices.addresses), {
        signal,
        confirmed: (one) => told.push(one),
      });
      expect(told.flatMap(({ problem }) => problem ?? [])).toEqual([]);
      expect(count).toBe(3);
      const serials = devices.addresses.map((address) => site.rooms.endpointAt(address)?.serial);
      expect(serials).toEqual(SERIALS);
      expect(devices.failedLogins()).toBe(0);
    } finally {
      await hosts.stop();
      await devices.stop();
    }
  }, 110_000);

  it('is stopped within a second, tells how far it came, and goes on from there', async () => {
    const hosts = await startHosts({ addresses: net(40), rttMs: 0, ports: PORTS });
    try {
      const site = await tempSite();
      const stop = new AbortController();
      const first = look(site, ['127.20.0.0/24'], { rate: 150, signal: stop.signal });
      await expect.poll(() => first.found.length, { timeout: 10_000 }).toBeGreaterThan(10);
      const asked = performance.now();
      stop.abort();
      const before = await first.ended;
      expect(performance.now() - asked).toBeLessThan(1_000);
      const kept = site.evidence.search();
      expect(kept?.unfinished).toMatchObject({ ranges: ['127.20.0.0/24'], total: 254 });
      const from = kept?.unfinished.looked ?? 0;
      expect(from).toBeGreaterThan(0);
      expect(from).toBeLessThanOrEqual(before.looked);
      const rest = look(site, ['127.20.0.0/24'], { from });
      const after = await rest.ended;
      expect(after).toMatchObject({ looked: 254, total: 254 });
      expect(rest.found.length).toBeGreaterThanOrEqual(hosts.hosts.length - from);
      const named = site.rooms.endpoints().filter(({ kind }) => kind !== null);
      expect(named.map(({ address }) => address).sort()).toEqual(hosts.hosts.map(({ address }) => address).sort());
      expect(site.evidence.search()).toBeNull();
    } finally {
      await hosts.stop();
    }
  });

  it('goes no faster than it may', async () => {
    const site = await tempSite();
    const began = performance.now();
    await look(site, ['127.20.0.1-100'], { rate: 200 }).ended;
    // Two doors each, 200 a second.
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it('says that there is no way to a network, and goes on with what there is', async () => {
    const site = await tempSite();
    const hosts = await startHosts({ addresses: net(1), rttMs: 0, ports: PORTS });
    onTestFinished(() => hosts.stop());
    const { ended, troubles, found } = look(site, ['10.99.0.1-3', '127.20.0.1']);
    const result = await ended;
    expect(result).toMatchObject({ looked: 4, noRoute: 3 });
    expect(troubles).toContain('the network is away; the search waits for it');
    expect(found.map(({ address }) => address)).toEqual(['127.20.0.1']);
  }, 30_000);

  it('looks twice where a room should be, and says which rooms are silent', async () => {
    const site = await tempSite();
    addRoom(site, { address: '127.20.0.7', mailbox: 'a@example.com', name: 'Fjord' });
    addRoom(site, { address: '127.20.0.99', mailbox: 'b@example.com', name: 'Skog' });
    const hosts = await startHosts({ addresses: net(7), rttMs: 0, ports: PORTS });
    onTestFinished(() => hosts.stop());
    const result = await look(site, []).ended;
    expect(result.silent).toEqual([{ room: 'Skog', address: '127.20.0.99' }]);
  }, 30_000);

  it('is the same on the command line, in lines for machines', async () => {
    const hosts = await startHosts({ addresses: net(24), rttMs: 0, ports: PORTS });
    try {
      const site = await tempSite();
      const { path } = site;
      site.close();
      const run = await otj(['discover', path, '127.20.0.1-30', '!127.20.0.25-30', '--rate', '2000', '--json']);
      expect(run.stderr).toBe('');
      expect(run.code).toBe(0);
      const lines = jsonLines(run.stdout);
      expect(lines.filter(({ type }) => type === 'found')).toHaveLength(24);
      expect(lines.find(({ address }) => address === '127.20.0.5')).toMatchObject({
        ...{
          type: 'found',
          kind: 'poly-group',
          family: 'poly-group',
          ours: true,
          room: null,
          movedFrom: null,
          conflicts: [],
        },
        evidence: 'Polycom Group: SIP agent; RealPresenceGroup500 6.2.2; HTTPS 443, SSH 22',
      });
      expect(lines.at(-1)).toMatchObject({
        type: 'result',
        looked: 24,
        total: 24,
        found: 24,
        recognised: 24,
        ours: 16,
      });
      for (const [ranges, code] of [
        [['8.8.8.0/24'], 'RANGE_PUBLIC'],
        [['--resume'], 'NOTHING_TO_RESUME'],
      ] as const) {
        const refused = await otj(['discover', path, ...ranges, '--json']);
        expect([refused.code, jsonLines(refused.stdout)[0]?.code]).toEqual([2, code]);
      }
    } finally {
      await hosts.stop();
    }
  }, 120_000);

  it('carries on while the network goes away and comes back', async () => {
    const site = await tempSite();
    const hosts = await startHosts({ addresses: net(5), rttMs: 0, ports: PORTS });
    onTestFinished(() => hosts.stop());
    const link = flap('10.98.0.1/24');
    const { ended, troubles } = look(site, ['10.98.0.2-40', '127.20.0.1-5'], { rate: 60 });
    await sleep(400);
    link.down();
    await sleep(700);
    link.up();
    const result = await ended;
    expect(troubles).toEqual(['the network is away; the search waits for it']);
    expect(result).toMatchObject({ looked: 44, noRoute: 0, answered: 5 });
  }, 30_000);
});
