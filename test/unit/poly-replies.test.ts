import { describe, expect, it } from 'vitest';
import { videoosMapping } from '../../main/endpoints/poly/mapping.ts';
import { parseExport } from '../../main/endpoints/poly/videoos/export.ts';
import * as replies from '../../main/endpoints/poly/videoos/replies.ts';
import { judgeService, judgeStatus } from '../../main/endpoints/poly/videoos/status.ts';

const LOGIN = JSON.stringify({
  success: true,
  session: { sessionId: 'PS0123', role: 'ADMIN' },
  loginStatus: { failedLogins: 0, loginResult: 'NOLOCKOUT', isPasswordAgeLimitReached: false },
});
const SYSTEM = JSON.stringify({
  model: 'StudioX30',
  serialNumber: '8L0000000001',
  softwareVersion: '3.12.0',
  state: 'READY',
  systemName: 'Fjord',
  rebootNeeded: false,
  uptime: 12.5,
  lanStatus: { duplex: 'FULL', speedMbps: 1000, state: 'UP' },
});
const DEVICES = JSON.stringify([
  { deviceType: 'TOUCH_CONTROL', macAddress: '00:e0:db:00:00:02' },
  { deviceType: 'CODEC', macAddress: '00e0.db00.0001', productName: 'Studio X30' },
]);
const CONFIG = JSON.stringify({
  vars: [
    { name: 'cal.enabled', value: 'False', result: 'NOERROR', isEditable: true },
    { name: 'cal.ews.server', value: null, result: 'NOERROR' },
    { name: 'exchange.enable', result: 'NOTFOUND' },
  ],
  rebootNeeded: true,
});
const STATUS = JSON.stringify([{ name: 'system.status.calendar', langtag: 'X', stateList: ['up'] }]);
const EXPORT =
  '<?xml version="1.0"?><PHONE_CONFIG><ALL exchange.enable="true" exchange.server.url="a.example.com" /></PHONE_CONFIG>';

const PARSERS: [string, string, (text: string) => replies.Parsed<unknown>][] = [
  ['system', SYSTEM, replies.parseSystem],
  ['devices', DEVICES, replies.parseCodecMac],
  ['mode', '{"result":true}', replies.parseDeviceMode],
  ['config', CONFIG, replies.parseConfig],
  ['status', STATUS, replies.parseStatusRows],
  ['calendar', '{"status":"registered"}', replies.parseCalendarService],
  ['meetings', '[{"inCall":false}]', replies.parseMeetings],
  ['export', EXPORT, parseExport],
];

/** A repeatable source of numbers below n. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % n;
  };
}

const { registration: words } = videoosMapping;

describe('good replies', () => {
  it('are read', () => {
    expect(replies.parseSystem(SYSTEM)).toMatchObject({
      ok: true,
      value: { serial: '8L0000000001', state: 'READY', model: 'StudioX30', rebootNeeded: false },
    });
    expect(replies.parseCodecMac(DEVICES)).toEqual({ ok: true, value: '00:E0:DB:00:00:01' });
    expect(replies.parseCodecMac(`{"devices":${DEVICES}}`)).toEqual({ ok: true, value: '00:E0:DB:00:00:01' });
    expect(replies.parseDeviceMode('{"result":true}')).toEqual({ ok: true, value: true });
    expect(replies.parseStatusRows(STATUS)).toMatchObject({ ok: true, value: { calendar: ['up'] } });
    expect(replies.parseMeetings('[]')).toEqual({ ok: true, value: 0 });
    const config = replies.parseConfig(CONFIG);
    expect(config.ok && [...config.value.vars.keys()]).toEqual(['cal.enabled', 'cal.ews.server', 'exchange.enable']);
    expect(config.ok && config.value.vars.get('exchange.enable')?.result).toBe('NOTFOUND');
    const exported = parseExport(EXPORT);
    expect(exported.ok && exported.value.get('exchange.server.url')).toBe('a.example.com');
  });

  it('reads the shape of RealPresence Group as well', () => {
    const group = '[{"name":"system.status.calendar","languageTag":"X","state":["OFF"]}]';
    expect(replies.parseStatusRows(group)).toMatchObject({ ok: true, value: { calendar: ['off'] } });
  });

  it('understands every spelling of being in a call', () => {
    for (const state of ['IN_CALL', 'in call', 'In-Call', 'InCall'])
      expect(replies.parseSystem(JSON.stringify({ serialNumber: 'x', state }))).toMatchObject({
        value: { state: 'IN_CALL' },
      });
  });
});

describe('the same in another form', () => {
  const system = (change: object) =>
    replies.parseSystem(JSON.stringify({ serialNumber: 'A1', state: 'READY', ...change }));
  const vars = (list: unknown) => replies.parseConfig(JSON.stringify({ vars: list }));
  const row = { name: 'cal.enabled', value: 'True', result: 'NOERROR' };
  const good = (value: unknown) => ({ ok: true, value });

  it('is read of a system', () => {
    expect(system({ serialNumber: 821527442 })).toMatchObject({ value: { serial: '821527442' } });
    const told = system({ uptime: '3068321.1', systemTime: '1649768994000', timeOffset: '7200000' });
    expect(told).toMatchObject({ value: { uptime: 3068321.1, clock: [1649768994000, 1649761794000] } });
    for (const serialNumber of ['', ' ', null, {}, 1.5, 2 ** 60]) expect(system({ serialNumber }).ok).toBe(false);
    expect(system({ uptime: 'long' })).not.toHaveProperty('value.uptime');
  });

  it('is read of settings', () => {
    for (const list of [row, [row, row], [{ ...row, result: 'NoError' }], [{ ...row, result: 'NO_ERROR' }]]) {
      const parsed = vars(list);
      expect(parsed.ok && parsed.value.vars.get('cal.enabled')).toMatchObject({ value: 'True', result: 'NOERROR' });
    }
    expect(vars([row, { ...row, value: 'False' }]).ok).toBe(false);
    expect(vars([{ ...row, result: 'ERROR' }])).not.toMatchObject({ result: 'NOERROR' });
    const secret = vars([{ ...row, value: 'hunter2', isSecure: true }]);
    expect(secret.ok && secret.value.vars.get('cal.enabled')?.value).toBeNull();
  });

  it('is read of the calendar', () => {
    for (const text of ['"registered"', 'Registered', '{"status":"registered"}'])
      expect(replies.parseCalendarService(text)).toEqual(good('registered'));
    expect(replies.parseCalendarService('null').ok).toBe(false);
    const status = [{ name: 'system.status.calendar', stateList: null, state: ['up'] }];
    for (const form of [status, { statusList: status }])
      expect(replies.parseStatusRows(JSON.stringify(form))).toMatchObject({ ok: true, value: { calendar: ['up'] } });
    for (const text of ['null', '[]', '{"meetings":[]}']) expect(replies.parseMeetings(text)).toEqual(good(0));
    expect(replies.parseMeetings('{"meetings":[{"inCall":false}]}')).toEqual(good(1));
    for (const text of ['', '0', '[1]', '{"inCall":false}']) expect(replies.parseMeetings(text).ok).toBe(false);
  });

  it('is read of an export', () => {
    for (const text of [
      '<PHONE_CONFIG><ALL/></PHONE_CONFIG>',
      '\n<?xml version="1.0"?><PHONE_CONFIG><ALL></ALL></PHONE_CONFIG>',
    ])
      expect(parseExport(text)).toEqual(good(new Map()));
  });
});

describe('odd replies', () => {
  const junk = [
    '',
    ' ',
    'null',
    '[]',
    '{}',
    '0',
    '"text"',
    '[null,1,"a",[]]',
    '<html></html>',
    '{"vars":{}}',
    '\u0000',
  ];
  it.each(PARSERS)('%s never throws', (_name, sample, parse) => {
    const roll = dice(7);
    const tries = [...junk];
    for (let cut = 0; cut < sample.length; cut++) tries.push(sample.slice(0, cut));
    for (let round = 0; round < 500; round++) {
      const at = roll(sample.length);
      const mark = String.fromCharCode(roll(4) === 0 ? roll(0xffff) : 32 + roll(95));
      tries.push(sample.slice(0, at) + mark + sample.slice(at + roll(4)));
    }
    tries.push('['.repeat(200_000), '{"a":'.repeat(50_000), '<a>'.repeat(50_000));
    for (const text of tries) expect(typeof parse(text).ok).toBe('boolean');
  });

  it.each(PARSERS.filter(([name]) => name !== 'export'))(
    '%s takes no web page for success',
    (_name, _sample, parse) => {
      expect(parse('<!DOCTYPE html><html>Sign in</html>')).toEqual({ ok: false, why: 'a web page instead of JSON' });
    },
  );

  it('quotes nothing of what it could not read', () => {
    for (const [, , parse] of PARSERS) expect(JSON.stringify(parse('{"hunter2')).includes('hunter2')).toBe(false);
  });

  it('knows no device without serial or state', () => {
    expect(replies.parseSystem('{"state":"READY"}').ok).toBe(false);
    expect(replies.parseSystem('{"serialNumber":"","state":"READY"}').ok).toBe(false);
    expect(replies.parseSystem('{"serialNumber":"1"}').ok).toBe(false);
    expect(replies.parseSystem(`[${SYSTEM}]`).ok).toBe(false);
  });

  it('refuses an ambiguous or shapeless settings reply', () => {
    expect(replies.parseConfig('{"vars":[{"name":"A","value":"1"},{"name":"a","value":"2"}]}').ok).toBe(false);
    expect(replies.parseConfig('[]').ok).toBe(false);
    expect(replies.parseConfig('{"success":true}').ok).toBe(false);
  });

  it('refuses entities, other roots and broken XML in an export', () => {
    expect(parseExport('<!DOCTYPE a [<!ENTITY x "y">]><PHONE_CONFIG><ALL a="&x;"/></PHONE_CONFIG>').ok).toBe(false);
    expect(parseExport('<OTHER><ALL a="b"/></OTHER>').ok).toBe(false);
    const escaped = parseExport('<PHONE_CONFIG><ALL a="1&#xA;2&#10;3 &amp;amp; &lt;&x;&#x110000;"/></PHONE_CONFIG>');
    expect(escaped.ok && escaped.value.get('a')).toBe('1\n2\n3 &amp; <&x;&#x110000;');
    expect(parseExport(EXPORT.slice(0, -5)).ok).toBe(false);
  });
});

describe('the answer to a login', () => {
  it.each([
    ['in', 200, LOGIN],
    ['active', 412, '{"error":"SessionAlreadyActive"}'],
    ['active', 400, 'SessionAlreadyActive'],
    ['refused', 401, ''],
    ['refused', 403, '{"success":false,"loginStatus":{"loginResult":"NOLOCKOUT"}}'],
    ['refused', 200, '{"success":false}'],
    ['locked', 200, '{"success":false,"loginStatus":{"loginResult":"LOCKOUT"}}'],
    ['locked', 403, '{"loginStatus":{"loginResult":"PORT_LOCKOUT"}}'],
    ['locked', 403, 'Account locked'],
    ['refused', 403, 'blocked by policy'],
    ['full', 403, '{"success":false,"reason":"MaxSessionsReached","loginStatus":{"loginResult":"NOLOCKOUT"}}'],
    ['full', 403, 'Too many sessions'],
    ['refused', 403, 'Login attempt limit for this session reached'],
    ['refused', 403, '{"success":false,"reason":"Maximum number of failed log-ins in this session"}'],
    ['refused', 401, 'Password wrong too many times, session closed'],
    ['refused', 403, '{"success":false,"session":null,"loginStatus":{"isPasswordAgeLimitReached":false}}'],
    ['absent', 404, ''],
    ['odd', 503, '<html>starting</html>'],
    ['odd', 200, '<html></html>'],
    ['odd', 200, '{}'],
    ['odd', 200, '{"success":true}'],
    ['odd', 200, '{"success":true,"session":{"sessionId":"a; b\\r\\n"}}'],
    ['odd', 302, ''],
  ])('is %s', (kind, status, text) => {
    expect(replies.judgeLogin(status, text).kind).toBe(kind);
  });

  it('takes the latest cookie of a name and nothing that breaks out of a header', () => {
    expect(replies.cookieIn(['XSRF-TOKEN=a; Path=/', 'XSRF-TOKEN=b%3D'], 'XSRF-TOKEN')).toBe('b%3D');
    expect(replies.cookieIn('XSRF-TOKEN=a b', 'XSRF-TOKEN')).toBeUndefined();
    expect(replies.cookieIn(undefined, 'XSRF-TOKEN')).toBeUndefined();
  });
});

describe('what proves a registration', () => {
  it.each([
    ['registered', [], 'registered'],
    ['configured', ['up'], 'underway'],
    ['logged', ['up'], 'underway'],
    ['authenticationerr', ['up'], 'refused'],
    ['disabled', [], 'off'],
    ['online', ['up'], 'registered'],
    ['online', ['down'], 'unavailable'],
    [null, ['up'], 'registered'],
    [null, ['off'], 'off'],
    [null, [], 'unknown'],
    ['established', [], 'unknown'],
    [null, ['up', 'down'], 'unknown'],
    ['constructor', ['toString'], 'unknown'],
  ])('%s with %j is %s', (service, row, state) => {
    expect(judgeStatus(service, row, words).state).toBe(state);
  });

  it('asks for the row only when the service word proves nothing', () => {
    expect(judgeService('registered', words)?.state).toBe('registered');
    expect(judgeService('up', words)).toBeUndefined();
    expect(judgeService(null, words)).toBeUndefined();
  });
});
