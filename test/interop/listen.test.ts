/**
 * Hearing who announces itself, in a network namespace: programs that are not ours (avahi, minidlna, gssdp-discover),
 * an interface that comes and goes, and strangers who mean harm.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { type Heard, Listener } from '../../main/discovery/listen.ts';
import { assertNamespace, inNamespace } from '../support/namespace.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { PATIENCE, type Peer, startPeer } from '../support/peer.ts';
import { tempFolder, tempSite } from '../support/siteFile.ts';

const AVAHI = '/usr/sbin/avahi-daemon';
const MINIDLNA = '/usr/sbin/minidlnad';
const GSSDP = '/usr/bin/gssdp-discover';

function listen() {
  assertNamespace();
  const heard: Heard[] = [];
  const troubles: string[] = [];
  let interfaces: string[] = [];
  const listener = new Listener({
    heard: (one) => void heard.push(one),
    trouble: (words) => void troubles.push(words),
    interfaces: (names) => {
      interfaces = names;
    },
    lookEveryMs: 100,
  });
  onTestFinished(() => listener.stop());
  const facts = (name: string) => heard.flatMap((one) => one.facts).filter((fact) => fact.name === name);
  return { heard, troubles, facts, interfaces: () => interfaces };
}

async function peer(name: string, network: string): Promise<Peer> {
  const one = await startPeer(name, network);
  onTestFinished(() => one.stop());
  return one;
}

/** A stranger who announces descriptions at addresses of his choice, for some time: datagrams get lost. */
function announce(one: Peer, ...locations: string[]): void {
  const words = locations.map((location) =>
    [
      'NOTIFY * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'NTS: ssdp:alive',
      'NT: urn:schemas-upnp-org:device:Basic:1',
      'SERVER: stranger',
      `USN: uuid:1::x${Math.random()}`,
      `LOCATION: ${location}`,
      '',
      '',
    ].join('\r\n'),
  );
  one.run(`
    const s = require('node:dgram').createSocket('udp4');
    s.bind(0, ${JSON.stringify(one.address)}, () => {
      s.setMulticastInterface(${JSON.stringify(one.address)});
      const all = () => { for (const words of ${JSON.stringify(words)}) s.send(words, 1900, '239.255.255.250'); };
      all();
      setInterval(all, 1000);
      setTimeout(() => process.exit(), 15000);
    });`);
}

inNamespace(import.meta.url, 'hearing who announces itself', () => {
  it.skipIf(!existsSync(AVAHI) || !existsSync(MINIDLNA))(
    `hears avahi by mDNS and minidlna by SSDP${existsSync(AVAHI) && existsSync(MINIDLNA) ? '' : ' (not installed)'}`,
    async () => {
      const other = await peer('real', '10.66.1');
      const folder = tempFolder();
      mkdirSync(join(folder, 'media'));
      // Its folder of services is built in, so it gets another one in its place, as far as it can see.
      const services = `mount --bind ${servicesOf(folder)} /etc/avahi/services && mount -t tmpfs tmpfs /run`;
      const avahi = `${services} && exec ${AVAHI} --no-drop-root --no-chroot --no-rlimits -f ${avahiConfig(folder)}`;
      other.start('unshare', ['--mount', 'sh', '-c', avahi], folder);
      const dlna = `mount -t tmpfs tmpfs /run && exec ${MINIDLNA} -S -f ${dlnaConfig(folder, other)}`;
      other.start('unshare', ['--mount', 'sh', '-c', dlna], folder);
      const { facts } = listen();
      const offered = () => facts('service').map(({ value }) => value);
      await expect.poll(offered, PATIENCE).toEqual(expect.arrayContaining(['_ipp._tcp', '_workstation._tcp']));
      expect(facts('txt').map(({ value }) => value)).toContain('ty=Lexmark MX522');
      await expect.poll(() => facts('maker').map(({ value }) => value), PATIENCE).toContain('Justin Maggard');
      // It writes the name as it is, so that markup in it is markup; the rest of the description is taken.
      expect(facts('name').map(({ value }) => value)).not.toContain('Media <b>1</b>');
      expect(facts('model').map(({ value }) => value)).toContain('Windows Media Connect compatible (MiniDLNA)');
      expect(facts('trouble')).toEqual([]);
    },
  );

  it('tells what it heard on the command line, and records it with the facts', async () => {
    const other = await peer('cli', '10.66.2');
    await other.serve(
      8080,
      description({ modelName: 'Room Navigator', serialNumber: 'FOC1', friendlyName: 'Fjord panel' }),
    );
    other.answerSearch(`http://${other.address}:8080/d.xml`, 'TANDBERG UPnP/1.0');
    const site = await tempSite();
    const { path } = site;
    site.close();
    const run = await otj(['discover', path, '--listen', '6', '--json']);
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const heard = jsonLines(run.stdout).filter(({ type }) => type === 'heard');
    expect(heard.at(-1)).toMatchObject({
      ...{ address: other.address, kind: 'cisco-panel', ours: false, family: null },
      seen: { name: 'Fjord panel', serial: 'FOC1', mac: other.mac },
    });
    expect(jsonLines(run.stdout).at(-1)).toMatchObject({ type: 'listened', recorded: 1 });
  });

  it('carries on when one of two interfaces goes away, says so, and hears it again when it is back', async () => {
    const [steady, flapping] = [await peer('steady', '10.66.3'), await peer('flap', '10.66.4')];
    const { heard, troubles, interfaces } = listen();
    await expect.poll(() => interfaces().sort(), PATIENCE).toEqual([flapping.here, steady.here].sort());
    flapping.down();
    await expect.poll(() => troubles.join(), PATIENCE).toContain(`${flapping.here} 10.66.4.1 went away`);
    announce(steady, `http://${steady.address}:1/a`);
    await expect.poll(() => heard.map(({ address }) => address), PATIENCE).toContain(steady.address);
    for (let times = 0; times < 3; times++) {
      flapping.up();
      await expect.poll(() => interfaces().includes(flapping.here), PATIENCE).toBe(true);
      if (times < 2) {
        flapping.down();
        await expect.poll(() => interfaces().includes(flapping.here), PATIENCE).toBe(false);
      }
    }
    expect(troubles.join()).toContain(`${flapping.here} 10.66.4.1 is back`);
    announce(flapping, `http://${flapping.address}:1/a`);
    await expect.poll(() => heard.map(({ address }) => address), PATIENCE).toContain(flapping.address);
  });

  it('fetches no description from elsewhere, from a file, beyond a redirect, without end, or with entities', async () => {
    const other = await peer('bad', '10.66.5');
    await other.serve(
      8080,
      `(q, a) => {
        if (q.url === '/redirect') return a.writeHead(302, { location: 'http://10.66.5.1:9/x' }).end();
        if (q.url === '/endless') { a.writeHead(200); const more = () => a.write('x'.repeat(9999), () => setImmediate(more)); return more(); }
        if (q.url === '/bomb') return a.end('<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><root><device><friendlyName>&b;</friendlyName></device></root>');
        if (q.url === '/markup') return a.end('<root><device><friendlyName><![CDATA[<img src=x onerror=alert(1)>\\u202e\\u0007]]></friendlyName></device></root>');
        a.writeHead(404).end();
      }`,
    );
    const touched: string[] = [];
    const here = createServer(((request) => void touched.push(request.url ?? '')) as RequestListener).listen(
      9,
      '10.66.5.1',
    );
    onTestFinished(() => void here.close());
    const { troubles, facts } = listen();
    const base = `http://${other.address}:8080`;
    const bad = [
      'http://10.66.5.1:9/elsewhere',
      'file:///etc/passwd',
      'gopher://x/',
      'javascript:alert(1)',
      'http://u:p@x/',
    ];
    const own = ['redirect', 'endless', 'bomb', '404', 'markup'].map((path) => `${base}/${path}`);
    announce(other, ...bad, ...own);
    await expect.poll(() => troubles.filter((words) => words.includes('DESCRIPTION_UNFIT')).length, PATIENCE).toBe(9);
    expect(touched).toEqual([]);
    await expect.poll(() => facts('name').length, PATIENCE).toBe(1);
    expect(facts('name')[0]?.value).toBe('<img src=x onerror=alert(1)>');
    for (const { value } of facts('trouble')) expect(value.length).toBeLessThanOrEqual(200);
  });

  it('survives packets of mDNS that mean harm, and names without end', async () => {
    const other = await peer('bomb', '10.66.6');
    const { troubles, heard, interfaces } = listen();
    await expect.poll(() => interfaces().length, PATIENCE).toBe(1);
    other.run(`
      const packet = require('dns-packet');
      const s = require('node:dgram').createSocket('udp4');
      const send = (bytes) => new Promise((done) => s.send(bytes, 5353, '224.0.0.251', done));
      const names = (from, count) => Array.from({ length: count }, (_, at) => from + at).flatMap((at) => {
        const name = 'n'.repeat(40) + at + '._ipp._tcp.local';
        return [{ type: 'PTR', name: '_ipp._tcp.local', ttl: 120, data: name },
          { type: 'SRV', name, ttl: 120, data: { port: 1, target: 'x.local' } },
          { type: 'TXT', name, ttl: 120, data: ['a=<script>'] }];
      });
      s.bind(0, ${JSON.stringify(other.address)}, async () => {
        s.setMulticastInterface(${JSON.stringify(other.address)});
        await send(Buffer.from('c00c'.repeat(300), 'hex'));
        // A name that points to itself.
        await send(Buffer.from('000084000000000100000000c00c000c0001000000780002c00c', 'hex'));
        await send(Buffer.alloc(9000, 0xff));
        const all = Array.from({ length: 2000 }, (_, at) => packet.encode({ type: 'response', answers: names(at * 5, 5) }));
        for (const [at, bytes] of all.entries()) {
          await send(bytes);
          if (at % 50 === 49) await new Promise((done) => setTimeout(done, 20));
        }
        s.close();
      });`);
    await expect.poll(() => troubles.join(), { timeout: 20_000 }).toContain('too many announcements at once');
    expect(troubles.join()).toContain('mDNS: Cannot decode');
    // It still hears others.
    announce(other, 'not an address');
    await expect.poll(() => troubles.join(), PATIENCE).toContain('DESCRIPTION_UNFIT');
    expect(heard.every(({ facts }) => facts.every(({ value }) => value.length <= 200))).toBe(true);
  });

  it.skipIf(!existsSync(GSSDP))(
    `asks in a way that others understand: gssdp-discover sees what we see${existsSync(GSSDP) ? '' : ' (not installed)'}`,
    async () => {
      const other = await peer('gssdp', '10.66.7');
      await other.serve(8080, description({ friendlyName: 'Skog' }));
      other.answerSearch(`http://${other.address}:8080/d.xml`, 'any UPnP/1.0');
      const { facts } = listen();
      await expect.poll(() => facts('name').map(({ value }) => value), PATIENCE).toEqual(['Skog']);
      const { stdout } = await promisify(execFile)(GSSDP, ['-i', other.here, '--timeout=3']);
      expect(stdout).toContain(`http://${other.address}:8080/d.xml`);
    },
  );
});

function description(device: Record<string, string>): string {
  const inner = Object.entries(device).map(([name, value]) => `<${name}>${value}</${name}>`);
  const xml = `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>${inner.join('')}</device></root>`;
  return `(q, a) => a.end(${JSON.stringify(xml)})`;
}

function servicesOf(folder: string): string {
  const path = join(folder, 'services');
  mkdirSync(path);
  const service = '<service><type>_ipp._tcp</type><port>631</port><txt-record>ty=Lexmark MX522</txt-record></service>';
  writeFileSync(
    join(path, 'printer.service'),
    `<?xml version="1.0"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd"><service-group><name>Kopierer</name>${service}</service-group>`,
  );
  return path;
}

function avahiConfig(folder: string): string {
  const path = join(folder, 'avahi.conf');
  writeFileSync(path, '[server]\nhost-name=copier\nuse-ipv6=no\nenable-dbus=no\n[publish]\npublish-workstation=yes\n');
  return path;
}

function dlnaConfig(folder: string, { address, there }: Peer): string {
  const path = join(folder, 'dlna.conf');
  const lines = {
    network_interface: there,
    port: 8200,
    media_dir: join(folder, 'media'),
    db_dir: folder,
    log_dir: folder,
  };
  const text = Object.entries({ ...lines, friendly_name: 'Media <b>1</b>', serial: `S${address}` });
  writeFileSync(path, text.map(([key, value]) => `${key}=${value}\n`).join(''));
  return path;
}
