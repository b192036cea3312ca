/** The Group's command line: lines, words, commands, login and session, on a connection that only the test speaks on. */
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import {
  CLI_SETTINGS,
  cliSetting,
  readCommand,
  storedValue,
  writeCommand,
} from '../../main/endpoints/poly/cli/commands.ts';
import { CliLines, MAX_LINE_CHARS } from '../../main/endpoints/poly/cli/lines.ts';
import { readingsOf } from '../../main/endpoints/poly/cli/localTime.ts';
import { judgeError, judgeLine, parseWhoami, versionIn } from '../../main/endpoints/poly/cli/replies.ts';
import { CliSession, COMMAND_GAP_MS } from '../../main/endpoints/poly/cli/session.ts';
import { startCli } from '../../main/endpoints/poly/cli/start.ts';
import { judgeWord } from '../../main/endpoints/poly/cli/way.ts';
import { groupMapping } from '../../main/endpoints/poly/mapping.ts';
import type { Shell } from '../../main/endpoints/transports/ssh.ts';
import { TelnetFilter } from '../../main/endpoints/transports/telnet.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';

/** 05:32:18 UTC. */
const NOV_29 = Date.UTC(2026, 10, 29, 5, 32, 18);

interface Wire extends Shell {
  sent: { text: string; at: number }[];
  say(text: string): void;
  lose(): void;
  closed: boolean;
}

/** A connection whose other end is `answer`. */
function wire(answer: (command: string) => string | undefined = () => undefined): Wire {
  const listeners: ((text: string) => void)[] = [];
  const closers: ((reason: OtjError) => void)[] = [];
  const line: Wire = {
    weakness: null,
    clean: (words) => words,
    sent: [],
    closed: false,
    write(text) {
      line.sent.push({ text, at: performance.now() });
      const said = answer(text.replace(/\r$/, ''));
      if (said !== undefined) queueMicrotask(() => line.say(said));
    },
    onText: (listener) => void listeners.push(listener),
    onClose: (listener) => void closers.push(listener),
    close() {
      line.closed = true;
    },
    say(text) {
      for (const listener of listeners) listener(text);
    },
    lose() {
      for (const closer of closers) closer(new OtjError('CONNECTION_LOST', 'gone'));
    },
  };
  return line;
}

function sessionOn(line: Wire, timeoutMs = 1_000): CliSession {
  const session = new CliSession(line, timeoutMs);
  line.onText((text) => session.receive(text));
  return session;
}

describe('lines', () => {
  it.each([
    ['\r\n', ['a', 'b c']],
    ['\r\r\n', ['a', 'b c']],
    ['\n', ['a', 'b c']],
    ['\r\0\n', ['a', 'b c']],
  ])('ends with %j', (end, lines) => {
    expect(new CliLines().push(`a${end}${end} b c ${end}`)).toEqual(lines);
  });

  it('keeps what has begun, and forgets it when told', () => {
    const lines = new CliLines();
    expect(lines.push('Pass')).toEqual([]);
    lines.push('word: ');
    expect(lines.begun).toBe('Password:');
    lines.skip();
    expect(lines.push('\r\nx\r\n')).toEqual(['x']);
  });

  it('gives up at a line without end', () => {
    expect(new CliLines().push('x'.repeat(MAX_LINE_CHARS + 1))).toBeNull();
  });
});

describe('words of a line', () => {
  it.each([
    ['calendarserver otj.example.com', { kind: 'answer', value: 'otj.example.com' }],
    ['calendarserver "otj.example.com"', { kind: 'answer', value: 'otj.example.com' }],
    ['CalendarServer   otj ', { kind: 'answer', value: 'otj' }],
    ['calendarserver', { kind: 'answer', value: '' }],
    ['calendarserver ""', { kind: 'answer', value: '' }],
    ['calendarserver get', { kind: 'echo' }],
    ['-> calendarserver get', { kind: 'echo' }],
    ['error: command not found', { kind: 'error', words: 'command not found' }],
    ['error:command not found', { kind: 'error', words: 'command not found' }],
    ['notification:callstatus:outgoing', { kind: 'other' }],
    ['Control event: vcbutton source none', { kind: 'other' }],
    ['cs: call[34]', { kind: 'other' }],
    ['calendarserverx y', { kind: 'other' }],
    ['__proto__', { kind: 'other' }],
  ])('%j', (line, judged) => {
    expect(judgeLine(line, 'calendarserver get')).toEqual(judged);
  });

  it.each([
    ['command not found', 'unknown'],
    ['this command is not supported', 'unknown'],
    ['sub command "X" not found', 'unknown'],
    ['Permission Denied', 'rights'],
    ['command has illegal parameters', 'unfit'],
  ])('error %j is %s', (words, refusal) => {
    expect(judgeError(words)).toBe(refusal);
  });

  it('reads the banner, whatever is missing', () => {
    const lines = ['Hi, my name is : "Board Room"', 'Model: RealPresence Group 500', 'Serial Number: 82', 'x'];
    expect(parseWhoami(lines)).toEqual({
      systemName: 'Board Room',
      model: 'RealPresence Group 500',
      serial: '82',
      software: '',
      localTime: '',
    });
    expect(versionIn('Release - 6.2.2.8-670021')).toBe('6.2.2.8');
  });

  it.each([
    'Sun, 29 Nov 2026 05:32:18 GMT',
    'Sun Nov 29 05:32:18 UTC 2026',
    '2026-11-29T05:32:18Z',
    '2026-11-29 07:32:18 +02:00',
    '29 November 2026, 5:32:18 am GMT',
    'Sun Nov 29 07:32:18 GMT+02:00 2026',
    'Sun Nov 29 07:32:18 UTC+2 2026',
    'Sun Nov 29 2026 07:32:18 GMT+0200 (EET)',
    'Sun Nov 29 00:02:18 UTC -5:30 2026',
    '29-Nov-2026 05:32:18 UTC',
  ])('knows the moment of %j', (words) => {
    expect(readingsOf(words, 0)).toEqual([NOV_29]);
  });

  it.each([
    'Sun Nov 29 07:32:18 2026',
    '29-Nov-2026 7:32:18 AM',
    '2026-11-29 11:02:18',
    'Nov 28, 2026 11:32:18 PM CST',
  ])('takes %j for whatever zone comes nearest', (words) => {
    const [first, ...others] = readingsOf(words, NOV_29 + 20_000);
    expect(first).toBe(NOV_29);
    expect(others.length).toBeGreaterThan(30);
  });

  it.each([
    '',
    '05:32',
    '11/12/2026 05:32',
    '29 Nov 05:32',
    '2026-13-29 05:32',
    '2026-11-29 25:32',
    '2026-11-29 05:32 UTC+15',
    'x'.repeat(1e6),
  ])('guesses nothing of %j', (words) => {
    expect(readingsOf(words, 0)).toEqual([]);
  });

  it('takes no word of the command line for a registration', () => {
    const { registration } = groupMapping;
    expect(judgeWord('established', registration).state).toBe('claimed');
    expect(judgeWord('unavailable', registration).state).toBe('unavailable');
    expect(judgeWord('registered', registration).state).toBe('unknown');
    expect(judgeWord('constructor', registration).state).toBe('unknown');
  });
});

describe('commands', () => {
  const command = (name: string, value: string) => {
    const setting = cliSetting(name);
    if (!setting) throw new Error(name);
    return writeCommand(setting, value);
  };

  it('spells values as the command line does', () => {
    expect(command('cal.enabled', 'True')).toBe('calendarregisterwithserver yes');
    expect(command('CAL.EWS.SERVER', 'otj.example.com')).toBe('calendarserver otj.example.com');
    expect(command('cal.ews.domain', '')).toBe('calendardomain set ""');
    expect(command('cal.ews.secureconnectionprotocol', 'Auto')).toBe('calendarprotocol auto');
    expect(command('cal.ews.username', 'room one')).toBe('calendaruser "room one"');
    for (const word of ['yes', 'True', 'enabled', '1'])
      expect(command('cal.enabled', word)).toBe('calendarregisterwithserver yes');
    expect(command('cal.ews.secureconnectionprotocol', 'tls')).toBe('calendarprotocol tls');
  });

  it.each(['a"b', 'a\rb', 'a\nb', 'a\u2028b', 'a\0b'])('refuses %j', (value) => {
    expect(() => command('cal.ews.username', value)).toThrow(OtjError);
  });

  it('reads back what it wrote', () => {
    for (const setting of CLI_SETTINGS.filter(({ secret }) => !secret))
      for (const stored of setting.spelling?.map(([, one]) => one) ?? ['some value']) {
        const told = writeCommand(setting, stored).slice(readCommand(setting).length - 3);
        expect(storedValue(setting, told.replace(/^set /, '').replace(/^"|"$/g, ''))).toBe(stored);
      }
  });

  it('has one for each name that the map of the family writes, but for what only REST has', () => {
    const names = groupMapping.sets.flatMap(({ members }) => members.filter(({ optional }) => !optional));
    for (const { name } of names) expect(cliSetting(name), name).toBeDefined();
  });
});

describe('a session', () => {
  it('keeps 200 ms between commands, also when they are asked for at once', async () => {
    const line = wire((command) => `${command.replace(' get', '')} x\r\n`);
    const session = sessionOn(line);
    await Promise.all(['calendarserver get', 'calendaruser get', 'calendardomain get'].map((one) => session.ask(one)));
    const gaps = line.sent.slice(1).map(({ at }, index) => at - (line.sent[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(COMMAND_GAP_MS);
  });

  it('takes the echo of a write for no answer', async () => {
    const line = wire((command) =>
      command === 'calendarserver get'
        ? 'calendarserver get\r\r\ncalendarserver old\r\r\n'
        : `${command}\r\r\nnotification:x\r\r\nerror: command has illegal parameters\r\r\n`,
    );
    const session = sessionOn(line);
    expect(await session.ask('calendarserver get')).toEqual({ kind: 'answer', value: 'old' });
    expect(await session.ask('calendarserver new', true)).toMatchObject({ kind: 'error' });
  });

  it.each([
    ['never', 0],
    ['once', 1],
    ['by terminal and device', 2],
  ])('reads and writes where commands are told back %s, whatever the value', async (_, times) => {
    let server = 'old';
    const line = wire((command) => {
      const [, value = 'get'] = command.split(' ');
      if (value === 'bad') return `${`${command}\r\r\n`.repeat(times)}error: command has illegal parameters\r\r\n`;
      if (value !== 'get') server = value;
      return `${`${command}\r\r\n`.repeat(times)}calendarserver ${server}\r\r\n`;
    });
    const session = sessionOn(line);
    const read = () => session.ask('calendarserver get');
    expect(await read()).toEqual({ kind: 'answer', value: 'old' });
    expect(await session.ask('calendarserver new', true)).toEqual({ kind: 'answer', value: 'new' });
    expect(await session.ask('calendarserver bad', true)).toMatchObject({ kind: 'error' });
    expect(await read()).toEqual({ kind: 'answer', value: 'new' });
    server = 'get';
    expect(await read()).toEqual({ kind: 'answer', value: 'get' });
  });

  it('takes the answer to a write where nothing is told back', async () => {
    const line = wire((command) => `${command.replace(' get', ' old')}\r\n`);
    const session = sessionOn(line);
    await session.ask('calendarserver get');
    expect(await session.ask('calendarserver new', true)).toEqual({ kind: 'answer', value: 'new' });
  });

  it('never lets the password out, told back or answered', async () => {
    const line = wire((command) => `${command}\r\n${command}\r\n`);
    const session = sessionOn(line);
    await session.ask('calendarserver get').catch(() => undefined);
    const said = await session.ask('calendarpassword Geheim-123', true);
    expect(JSON.stringify(said)).not.toContain('Geheim');
  });

  it('is over when an answer did not come, and sends nothing after that', async () => {
    const line = wire();
    const session = sessionOn(line, 50);
    expect(await codeOf(() => session.ask('calendarserver get'))).toBe('TIMEOUT');
    expect(line.closed).toBe(true);
    expect(await codeOf(() => session.ask('calendarserver get'))).toBe('TIMEOUT');
    expect(line.sent).toHaveLength(1);
  });

  it('sends no line end that came with a value', async () => {
    const line = wire();
    expect(await codeOf(() => sessionOn(line).ask('calendarserver a\rreboot now'))).toBe('VALUE_UNFIT');
    expect(line.sent).toEqual([]);
  });

  it('reads several lines to the last one, without what came in between', async () => {
    const line = wire(
      () => 'calendarmeetings list begin\r\ncs: call[1]\r\nmeeting|1|a|b|c\r\ncalendarmeetings list end\r\n',
    );
    const { lines } = await sessionOn(line).block('calendarmeetings list "today"', (one) => / end$/.test(one));
    expect(lines).toEqual(['calendarmeetings list begin', 'meeting|1|a|b|c', 'calendarmeetings list end']);
  });

  it.each([
    ['is told back', (command: string) => `${command}\r\n`],
    ['is not told back', () => undefined],
  ])('goes on after a command that %s and answers with nothing', async (_, silent) => {
    const isSilent = (command: string) => command === 'gendial 1';
    const line = wire((command) => {
      const answer = `${command.replace(' get', ' x')}\r\n`;
      return isSilent(command) ? silent(command) : `${silent(command) ?? ''}${answer}`;
    });
    const session = sessionOn(line, 30_000);
    await session.ask('calendarserver get');
    expect(await session.block('gendial 1', null, 10)).toEqual({ lines: [], error: null });
    expect(await session.ask('calendarserver get')).toEqual({ kind: 'answer', value: 'x' });
    expect(line.closed).toBe(false);
  });

  it('does not take a lost command for one that answers with nothing', async () => {
    const line = wire((command) => (command === 'gendial 1' ? undefined : `${command}\r\ncalendarserver x\r\n`));
    const session = sessionOn(line, 300);
    await session.ask('calendarserver get');
    expect(await codeOf(() => session.block('gendial 1', null, 10))).toBe('TIMEOUT');
  });

  it('tells why when the connection goes', async () => {
    const line = wire();
    const asked = errorOf(() => sessionOn(line).ask('calendarserver get'));
    await Promise.resolve();
    line.lose();
    expect(await asked).toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('a login over telnet', () => {
  const BANNER = 'Hi, my name is : Board\r\nModel: Group\r\nSerial Number: 8\r\nSNMP Enabled: False\r\n';

  it('answers the question once and reads the banner', async () => {
    const line = wire((text) => (text === 'pw' ? `\r\n${BANNER}` : undefined));
    const started = startCli(line, 'pw', 1_000);
    line.say('Pass');
    line.say('word: ');
    expect((await started).whoami.serial).toBe('8');
    expect(line.sent.map(({ text }) => text)).toEqual(['pw\r']);
  });

  it.each([
    ['asks again', '\r\nPassword: ', 'LOGIN_REFUSED'],
    ['says that it failed', '\r\npassword failed\r\n', 'LOGIN_REFUSED'],
    ['says that it is locked', '\r\nlogin failed, account is locked out\r\n', 'ACCOUNT_LOCKED'],
  ])('%s', async (_, said, code) => {
    const line = wire(() => said);
    const started = codeOf(() => startCli(line, 'pw', 1_000));
    line.say('Password: ');
    expect(await started).toBe(code);
    expect(line.sent).toHaveLength(1);
    expect(line.closed).toBe(true);
  });

  it('gives up where nobody asks', async () => {
    expect(await codeOf(() => startCli(wire(), 'pw', 50))).toBe('TIMEOUT');
  });
});

describe('telnet itself', () => {
  it('says no to options, once each, and keeps text whole', () => {
    const filter = new TelnetFilter();
    const bytes = Buffer.from([255, 253, 1, 255, 251, 3, 72, 255, 250, 24, 1, 255, 240, 105, 255, 253, 1, 255, 255]);
    const parts = [...bytes].map((byte) => filter.push(Buffer.from([byte])));
    expect(Buffer.concat(parts.map(({ data }) => data))).toEqual(Buffer.from([72, 105, 255]));
    expect(Buffer.concat(parts.map(({ reply }) => reply))).toEqual(Buffer.from([255, 252, 1, 255, 254, 3]));
  });
});
