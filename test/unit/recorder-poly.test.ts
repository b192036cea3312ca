/** What is peculiar to recordings of Poly devices: places in their answers, lines of their command line, what is asked. */
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { rewriteCli } from '../../main/endpoints/poly/record/cliText.ts';
import { polyDialect } from '../../main/endpoints/poly/record/dialect.ts';
import { LINES, RESOURCES } from '../../main/endpoints/poly/record/reads.ts';
import { certificatesIn } from '../../main/endpoints/poly/videoos/pem.ts';
import { withoutCertificates } from '../../main/endpoints/record/disguise/certificates.ts';
import { disguise } from '../../main/endpoints/record/disguise/disguise.ts';
import { rewriteJson } from '../../main/endpoints/record/disguise/leaves.ts';
import type { Exchange, HttpExchange, ShellExchange } from '../../main/endpoints/record/recording.ts';
import { Wire, withoutLogin } from '../../main/endpoints/record/tap.ts';
import { onlyReads } from '../../main/services/roomPoly.ts';

const same = {
  leaf: (value: string) => value,
  name: () => undefined,
  line: (text: string) => text,
  request: (text: string) => text,
};
const told = (path: string, answer: unknown, body: string | null = null): HttpExchange => ({
  over: 'https',
  read: 'x',
  at: 0,
  took: 0,
  method: body === null ? 'GET' : 'POST',
  path,
  login: 'cookie',
  body,
  reply: {
    status: 200,
    headers: { 'set-cookie': ['XSRF-TOKEN=9f8e7d6c-skagerrak; Path=/', 'session_id=PSskagerrak-1'] },
    said: typeof answer === 'string' ? answer : JSON.stringify(answer, null, 1),
    isUtf8: true,
  },
});
const line = (said: string, read = 'x'): ShellExchange => ({
  over: 'telnet',
  read,
  at: 0,
  took: 0,
  sent: '',
  said,
  pieces: 1,
});
const disguised = (...exchanges: Exchange[]) => {
  const done = disguise(polyDialect, exchanges, [{ text: 'Skagerrak', kind: 'name' }]);
  expect(done.left).toBeNull();
  return done.exchanges.map((one) => (one.over === 'https' ? (one.reply?.said ?? '') : one.said));
};

describe('what a recording asks', () => {
  it('of a command line only reads, by the same rule that asks a person before a line is sent', () => {
    // What no device has is refused by every device.
    expect(LINES.filter((text) => !onlyReads(text))).toEqual(['otjnothing']);
  });

  it('of the HTTP APIs is a GET, or a question for settings by name', () => {
    const bodies = Object.values(RESOURCES).flat();
    for (const { path, body } of bodies) {
      expect(path).not.toMatch(/reboot|restart|reset|config\/set/i);
      if (body)
        expect([path, Object.keys(body)]).toEqual([
          'data' in body ? '/api/v1/mgmt/config/get' : '/rest/config',
          ['data' in body ? 'data' : 'names'],
        ]);
    }
  });
});

describe('texts within JSON', () => {
  it('stay byte for byte where nothing is replaced', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        return !/^[[{]/.test(text) || rewriteJson(text, same) === text;
      }),
      { numRuns: 3_000 },
    );
  });

  it('stand at their places, a setting’s value at its name, whatever comes before it', () => {
    const seen: [string, string][] = [];
    const leaf = (value: string, path: string) => {
      seen.push([path, value]);
      return path === 'vars/cal.ews.server' ? 'x"' : path === 'pin' ? '0815' : value;
    };
    const json =
      '{"n":1, "vars":[{"value":"a","on":true,"name":"cal.ews.server"},{"name":"b","value":null}],"pin":4711}';
    expect(rewriteJson(json, { ...same, leaf })).toBe(json.replace('"a"', '"x\\""').replace('4711', '1815'));
    expect(seen).toEqual([
      ['n', '1'],
      ['vars/cal.ews.server', 'a'],
      ['vars/name', 'cal.ews.server'],
      ['vars/name', 'b'],
      ['pin', '4711'],
    ]);
  });
});

describe('lines of the command line', () => {
  it('stay byte for byte where nothing is replaced, whatever they are', () => {
    const pieces = fc.constantFrom(
      'calendarserver ',
      'calendardomain set x',
      'Model: ',
      'Hi, my name is : ',
      'meeting|a|2026-01-01:10:00|b',
      '\r\r\n',
      '\r\n',
      '\n',
      '"',
      '\0',
      '  ',
      'status end',
      'error: ',
    );
    const text = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 20 });
    fc.assert(
      fc.property(text, (all) => rewriteCli(all.join(''), same) === all.join('')),
      { numRuns: 3_000 },
    );
  });

  it('keep what the driver reads by and lose what names somebody', () => {
    const [said = ''] = disguised(
      line(
        [
          'Property of Hansen, room Skagerrak: keep out',
          'Hi, my name is : Skagerrak',
          'Model: RealPresence Group 500',
          'Serial Number: 82KARI00E7',
          'Skagerrak> calendarserver "otj.fjellhus.example"',
          'calendaruser svc-fjellhus',
          'calendarstatus established',
          'meeting|m1|2026-11-29:03:30|2026-11-29:04:00|Merger of Fjellhus',
          'notification:callstatus:outgoing:34:Hansen Group:10.44.7.19:384:connecting:videocall',
          'inacall offline',
          'status end',
          '',
        ].join('\r\r\n'),
        'open',
      ),
    );
    expect(said).not.toMatch(/Hansen|Skagerrak|Fjellhus|KARI|Merger|10\.44/i);
    expect(said.split('\r\r\n')).toEqual([
      expect.any(String),
      expect.stringMatching(/^Hi, my name is : [A-Z][a-z]{8}$/),
      'Model: RealPresence Group 500',
      expect.stringMatching(/^Serial Number: \d\d[A-Z]{4}\d\d[A-Z]\d$/),
      expect.stringMatching(/^[A-Z][a-z]{8}> calendarserver "otj\.[a-z]{8}\.[a-z]{7}"$/),
      expect.stringMatching(/^calendaruser [a-z]{3}-[a-z]{8}$/),
      'calendarstatus established',
      expect.stringMatching(/^meeting\|[a-z]\d\|2026-11-29:03:30\|2026-11-29:04:00\|/),
      expect.stringMatching(/^notification:.*192\.0\.2\.1/),
      'inacall offline',
      'status end',
      '',
    ]);
  });
});

describe('answers of the REST APIs', () => {
  it('lose tokens, addresses and names, the same ones everywhere alike', () => {
    const [login = '', config = '', xml = ''] = disguised(
      told('/rest/session', { success: true, session: { sessionId: 'PSskagerrak-1', userId: 'hansen' } }),
      told('/rest/config', {
        vars: [
          { name: 'cal.ews.server', value: 'otj.fjellhus.example', result: 'NOERROR' },
          { name: 'some.new.setting', value: 'Room of Hansen', result: 'NOERROR' },
          { name: 'some.new.number', value: 4_799_887_766, result: 'NOERROR' },
          { name: 'cal.ews.password', value: 'REMOVED_SECURE_CONTENT', result: 'NOERROR' },
        ],
        rebootNeeded: false,
      }),
      told(
        '/rest/provisioning/config',
        '<PHONE_CONFIG><ALL exchange.server.url="otj.fjellhus.example" exchange.auth.password="REMOVED_SECURE_CONTENT"/></PHONE_CONFIG>',
      ),
    );
    expect(login + config + xml).not.toMatch(/skagerrak|hansen|fjellhus|4799887766/i);
    const server = /"value": "(otj\.[a-z.]+)"/.exec(config)?.[1];
    expect(xml).toContain(`exchange.server.url="${server}" exchange.auth.password="REMOVED_SECURE_CONTENT"`);
    expect(config).toContain('"result": "NOERROR"');
    expect(config).toContain('"some.new.setting"');
  });
});

describe('a certificate', () => {
  it('is replaced by one of nobody’s, in the form of its line ends; what is none stays none', async () => {
    const { cert } = await generate([{ name: 'commonName', value: 'Fjellhus' }], {
      keyType: 'ec',
      algorithm: 'sha256',
    });
    const words = (text: string) => text.replace(/Hansen|QUJD/g, 'x');
    for (const lineEnd of ['\n', '\r\n', '\\n', ' ', '']) {
      const said = withoutCertificates(`of Hansen ${cert.trim().replaceAll(/\r?\n/g, lineEnd)}`, words);
      const [pem = ''] = certificatesIn(said) ?? [];
      expect(new X509Certificate(pem).subject).toBe('CN=Recorded authority');
      expect(said).toMatch(/^of x -----BEGIN CERTIFICATE-----/);
      if (lineEnd.trim() !== '' || lineEnd === '\n') expect(said).toContain(`-----${lineEnd}MII`);
    }
    const broken = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----';
    expect(withoutCertificates(broken, words)).toBe(broken.replace('QUJD', 'x'));
  });
});

describe('a password', () => {
  it('is not kept of a login by body, and neither is the user’s name', () => {
    expect(withoutLogin('{"user":"hansen","password":"Geheim-1","action":"Login"}')).toBe(
      '{"user":"","password":"","action":"Login"}',
    );
    for (const other of ['{"names":["cal.ews.password"]}', '<a>password</a>', '"password"', 'null'])
      expect(withoutLogin(other)).toBe(other);
  });

  it('is not kept of a login over telnet', () => {
    const wire = new Wire();
    const sent: string[] = [];
    const shell = wire.shell(
      {
        weakness: null,
        clean: (words) => words,
        write: (text) => void sent.push(text),
        onText: () => undefined,
        onClose: () => undefined,
        close: () => undefined,
      },
      'telnet',
    );
    shell.write('Geheim-1\r');
    wire.begin('status');
    shell.write('status\r');
    expect(sent).toEqual(['Geheim-1\r', 'status\r']);
    expect(JSON.stringify(wire.exchanges)).not.toContain('Geheim');
    expect(wire.exchanges.map((one) => (one.over === 'https' ? '' : one.sent))).toEqual(['', '•••\r', 'status\r']);
  });
});
