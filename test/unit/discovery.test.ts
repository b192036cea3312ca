/** What is read from strangers on a network, and what is made of it: pure parts of discovery. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact, FactSource, KeptFact } from '../../main/contract/evidence.ts';
import { conflictsOf, current, seenOf } from '../../main/discovery/conflicts.ts';
import { descriptionFacts, fitUrl } from '../../main/discovery/listen/description.ts';
import { agentFacts } from '../../main/discovery/look/sip.ts';
import { tableOf } from '../../main/discovery/neighbours.ts';
import { ownNetworks } from '../../main/discovery/networks.ts';
import { KINDS, RULES } from '../../main/discovery/rules.ts';
import { Pace, Patience, Slots } from '../../main/discovery/sweep/pace.ts';
import { vendorOf } from '../../main/discovery/vendors.ts';
import { evidenceOf, judge, namedIn } from '../../main/discovery/verdict.ts';
import { plain } from '../../main/discovery/words.ts';
import { codeOf } from '../support/codeOf.ts';

const fact = (source: FactSource, name: string, value: string): Fact => ({ source, name, value });
const REALM = fact('http', 'realm', 'CISCO-Endpoint');

describe('the rules', () => {
  it('name kinds that exist, each with a source, and none is there twice', () => {
    expect(RULES.filter(({ kind }) => !KINDS.has(kind))).toEqual([]);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    expect(RULES.every(({ from }) => from.length > 10)).toBe(true);
  });

  it.each([
    ['cisco-roomos', [REALM]],
    ['cisco-roomos', [fact('sip', 'agent', 'TANDBERG/529 (ce9.15.0.d97b604b745) Cisco-RoomKit')]],
    ['cisco-tc', [fact('sip', 'agent', 'TANDBERG/518 (TC7.3.3.c84180a) Cisco-SX20')]],
    ['cisco-phone', [fact('sip', 'agent', 'Cisco-CP8865/12.8.1')]],
    ['poly-videoos', [fact('http', 'rest-refusal', '403')]],
    ['poly-group', [fact('sip', 'agent', 'PolycomRealPresenceGroup310/6.2.2')]],
    ['poly-hdx', [fact('http', 'server', 'NetPort Software 1.1')]],
    ['poly-phone', [fact('sip', 'agent', 'PolycomVVX-VVX_410-UA/5.4.1.18405')]],
    ['printer', [fact('mdns', 'service', '_ipp._tcp')]],
    ['switch', [fact('http', 'realm', 'level_15_access')]],
    ['pc', [fact('ssh', 'banner', 'SSH-2.0-OpenSSH_for_Windows_9.5')]],
    [null, [fact('arp', 'vendor', 'Xerox')]],
    [null, [fact('ssh', 'banner', 'SSH-2.0-OpenSSH_9.3')]],
    [null, [fact('tls', 'subject', 'CN=CISCO-Endpoint TANDBERG PolycomRealPresenceGroup500')]],
    [null, []],
  ])('take for %s', (kind, facts) => {
    expect(judge(facts).kind).toBe(kind);
  });

  it('choose no driver where signs contradict each other, and tell both', () => {
    const two = judge([fact('http', 'rest-refusal', '401'), fact('http', 'server', 'HP HTTP Server; x')]);
    expect([two.family, two.rival === null]).toEqual([null, false]);
    // A weak sign beside a sure one is no contradiction.
    expect(judge([REALM, fact('ssh', 'banner', 'SSH-2.0-OpenSSH_9.2p1 Debian-2')])).toMatchObject({
      ...{ kind: 'cisco-roomos', family: 'cisco-roomos', rival: null },
    });
  });

  it('take model and software out of what is said in passing', () => {
    const agent = fact('sip', 'agent', 'TANDBERG/529 (ce9.15.0.d97b604b745) Cisco-RoomKit');
    expect(namedIn([agent])).toEqual([
      fact('sip', 'model', 'Cisco-RoomKit'),
      fact('sip', 'software', 'ce9.15.0.d97b604b745'),
    ]);
    const facts = [agent, ...namedIn([agent]), fact('tcp', 'open', 'HTTPS 443')];
    expect(evidenceOf(facts, judge(facts))).toBe(
      'Cisco endpoint: SIP agent; Cisco-RoomKit ce9.15.0.d97b604b745; HTTPS 443',
    );
  });

  it('stay quick and total with any words', () => {
    const sources: FactSource[] = ['http', 'sip', 'ssh', 'mdns', 'ssdp', 'tls'];
    const names = ['agent', 'realm', 'title', 'server', 'banner', 'model', 'location', 'type', 'service'];
    const any = fc.record({
      source: fc.constantFrom(...sources),
      name: fc.constantFrom(...names),
      value: fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.constant('Poly'.repeat(50)),
        fc.constant('TANDBERG/1 ('.repeat(16)),
      ),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (facts) => {
        const verdict = judge(facts);
        expect(evidenceOf([...facts, ...namedIn(facts)], verdict).length).toBeLessThan(2_000);
      }),
      { numRuns: 200 },
    );
  });
});

describe('words of strangers', () => {
  it('are cut, on one line, and without what a terminal or a page obeys', () => {
    expect(plain('a\u001b[31mb\r\nc\u202ed\u200be\u0000')).toBe('a [31mb cde');
    expect(plain(`<img src=x>${'x'.repeat(900)}`)).toHaveLength(200);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 900 }), (text) => {
        const words = plain(text);
        expect(words.length).toBeLessThanOrEqual(200);
        expect(words).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('as SIP answers tell the agent, whatever else they are', () => {
    const reply = 'SIP/2.0 405 Method Not Allowed\r\nVia: x\r\nUser-agent :  Poly\u0007com \r\n\r\n';
    expect(agentFacts(reply)).toEqual([fact('sip', 'agent', 'Poly com')]);
    expect(agentFacts('HTTP/1.1 200 OK\r\nServer: x\r\n\r\n')).toEqual([]);
    expect(agentFacts('SIP/2.0 200 OK\r\nServer:\r\n\r\n')).toEqual([]);
  });
});

describe('descriptions', () => {
  it.each([
    'http://10.0.0.2/x',
    'file:///etc/passwd',
    'ftp://10.0.0.1/x',
    'javascript:alert(1)',
    'http://user:pass@10.0.0.1/x',
    'http://10.0.0.1.example.com/x',
    'http://10.0.0.1@10.0.0.2/x',
    '//10.0.0.1/x',
    '',
    `http://10.0.0.1/${'x'.repeat(3_000)}`,
  ])('are not asked for at %s', async (location) => {
    expect(await codeOf(() => fitUrl(location, '10.0.0.1'))).toBe('DESCRIPTION_UNFIT');
  });

  it('are asked for where the announcement came from', () => {
    expect(fitUrl('https://10.0.0.1:8443/d.xml?a=1', '10.0.0.1').href).toBe('https://10.0.0.1:8443/d.xml?a=1');
  });

  it.each([
    '<!DOCTYPE x [<!ENTITY a "b">]><root><device/></root>',
    '<root><device><friendlyName>&a;</friendlyName></device></root><!ENTITY a "b">',
    '<html></html>',
    '<root>',
    'x',
    '',
    '<a>'.repeat(20_000),
  ])('are refused: %.40s', async (xml) => {
    expect(await codeOf(() => descriptionFacts(xml))).toBe('DESCRIPTION_UNFIT');
  });

  it('give what is text, and nothing else', () => {
    const xml = '<root><device><friendlyName>A <b>b</b></friendlyName><modelName> X\u0085 </modelName></device></root>';
    expect(descriptionFacts(xml)).toEqual([fact('ssdp', 'model', 'X')]);
  });
});

describe('the table of neighbours', () => {
  it('is read as Linux, macOS and Windows write it', () => {
    const linux =
      'IP address  HW type  Flags  HW address  Mask  Device\n10.0.0.5  0x1  0x2  00:50:60:0a:0b:0c  *  eth0\n10.0.0.6  0x1  0x0  00:00:00:00:00:00  *  eth0\n';
    const mac = '? (10.0.0.5) at 0:50:60:a:b:c on en0 ifscope [ethernet]\n? (224.0.0.251) at 1:0:5e:0:0:fb on en0\n';
    const windows = '  10.0.0.5              00-50-60-0a-0b-0c     dynamic\r\n';
    for (const text of [linux, mac, windows]) expect([...tableOf(text)]).toEqual([['10.0.0.5', '00:50:60:0A:0B:0C']]);
  });

  it('leaves out routers that answer for others', () => {
    const line = (last: number) => `10.0.0.${last} 0x1 0x2 00:50:60:0a:0b:0c * eth0\n`;
    expect(tableOf(line(1) + line(2)).size).toBe(0);
  });

  it('knows makers by the first bytes', () => {
    expect(vendorOf('00:50:60:0A:0B:0C')).toBe('TANDBERG');
    expect(vendorOf('00:E0:DB:00:00:01')).toBe('Polycom');
    expect(vendorOf('02:00:00:00:00:01')).toBeNull();
  });
});

describe('own networks', () => {
  it('are offered whole up to a /16, of larger ones the neighbourhood, and each once', () => {
    const one = (address: string, cidr: string, internal = false) => ({
      ...{ address, cidr, internal, family: 'IPv4' as const, netmask: '', mac: '' },
    });
    const networks = ownNetworks({
      lo: [one('127.0.0.1', '127.0.0.1/8', true)],
      eth0: [one('10.20.3.7', '10.20.3.7/22'), one('10.20.3.8', '10.20.3.8/22')],
      wlan0: [one('10.99.4.5', '10.99.4.5/8')],
      tun0: [one('10.1.1.1', '10.1.1.1/32')],
      wan0: [one('198.51.100.7', '198.51.100.7/24')],
    });
    expect(networks.map(({ name, range, isPart, isPrivate }) => [name, range, isPart, isPrivate])).toEqual([
      ['eth0', '10.20.0.0/22', false, true],
      ['wlan0', '10.99.4.0/24', true, true],
      ['wan0', '198.51.100.0/24', false, false],
    ]);
  });
});

describe('how fast a search goes', () => {
  it('spreads turns evenly, and makes up only for the last moments', () => {
    const pace = new Pace(100);
    expect([pace.turn(1_000), pace.turn(1_000), pace.turn(1_000)]).toEqual([0, 0, 0]);
    expect([pace.turn(1_000), pace.turn(1_000)]).toEqual([10, 20]);
    expect(pace.turn(60_000)).toBe(0);
  });

  it('waits long until a network has answered, and then as it answers', () => {
    const patience = new Patience(4_000);
    expect(patience.for('10.0.0.1')).toBe(1_100);
    for (let times = 0; times < 20; times++) patience.learn('10.0.0.9', 2);
    expect(patience.for('10.0.0.1')).toBe(200);
    for (let times = 0; times < 20; times++) patience.learn('10.0.1.9', 400);
    expect(patience.for('10.0.1.1')).toBeGreaterThan(400);
    expect(patience.for('10.0.2.1')).toBe(1_100);
    // Where several networks have answered, the others are likely to be about as near.
    patience.learn('10.0.3.1', 2);
    expect(patience.for('10.0.2.1')).toBe(1_100);
    const near = new Patience(4_000);
    for (const block of [1, 2, 3]) near.learn(`10.0.${block}.9`, 2);
    expect(near.for('10.0.9.1')).toBe(600);
  });

  it('takes fewer sockets when there are no more', async () => {
    const slots = new Slots();
    let taken = 0;
    const take = async () => {
      await slots.take();
      taken++;
    };
    for (let at = 0; at < 1_000; at++) void take();
    await new Promise(setImmediate);
    expect(taken).toBe(800);
    slots.halve();
    for (let at = 0; at < 400; at++) slots.give();
    await new Promise(setImmediate);
    // Half of them go before the next one comes.
    expect(taken).toBe(800);
    for (let at = 0; at < 10; at++) slots.give();
    await new Promise(setImmediate);
    expect(taken).toBe(810);
  });
});

describe('where sources disagree', () => {
  const kept = (source: FactSource, name: string, value: string, lastAt = '2026-01-01'): KeptFact => ({
    ...{ source, name, value, address: '10.0.0.1', firstAt: lastAt, lastAt },
  });
  const known = { family: null, serial: null, mac: null, model: null };

  it('nothing is overwritten, and each is named', () => {
    const facts = current([kept('login', 'serial', 'FOC2'), kept('ssdp', 'serial', 'FOC3')]);
    expect(conflictsOf(facts, { ...known, serial: 'FOC1' }, judge(facts), [])).toEqual([
      { about: 'serial', words: 'known: FOC1, login: FOC2, ssdp: FOC3' },
    ]);
    const seen = current([REALM].map((one) => ({ ...one, ...kept('http', 'realm', one.value) })));
    expect(conflictsOf(seen, { ...known, family: 'poly-videoos' }, judge(seen), ['10.0.0.9'])).toEqual([
      { about: 'kind', words: 'known: poly-videoos, seen: Cisco codec' },
      { about: 'address', words: 'also known at 10.0.0.9' },
    ]);
  });

  it('ways to write one thing are none, and a newer word of one source replaces its older one', () => {
    const facts = current([
      kept('login', 'model', 'Cisco Room Kit'),
      kept('sip', 'model', 'Cisco-RoomKit', '2026-02-01'),
      kept('sip', 'model', 'Cisco-SX20', '2026-01-01'),
    ]);
    expect(conflictsOf(facts, known, judge(facts), [])).toEqual([]);
    expect(seenOf(facts).model).toBe('Cisco-RoomKit');
  });
});
