import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { renderCsv } from '../../main/report/csv.ts';
import { figuresOf } from '../../main/report/figures.ts';
import { renderHtml } from '../../main/report/html.ts';
import {
  clip,
  durationWords,
  floorWords,
  localTime,
  oneLine,
  sizeWords,
  visible,
  zoneWords,
} from '../../main/report/words.ts';
import { ATTACKS, counted, hostileReport, sampleReport, sampleRoom } from './reportSample.ts';

process.env.TZ = 'Europe/Oslo';

const rowsOf = (csv: string): Record<string, string>[] => {
  const { data, errors } = Papa.parse<Record<string, string>>(csv.slice(1), { header: true, skipEmptyLines: true });
  expect(errors).toEqual([]);
  return data;
};

describe('words of the report', () => {
  it.each([
    [0, '0 s'],
    [20, 'under 0.1 s'],
    [412, '0.4 s'],
    [4_000, '4 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [38_000, '38 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [125_000, '2 min 5 s'],
    [3_599_499, '59 min 59 s'],
    [3_599_500, '1 h'],
    [11_520_000, '3 h 12 min'],
    [86_399_000, '1 d'],
    [187_200_000, '2 d 4 h'],
    [-1, '—'],
    [Number.NaN, '—'],
    [Number.POSITIVE_INFINITY, '—'],
  ])('says %d ms as %s', (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });

  it('says times in the zone of the laptop, in winter and in summer', () => {
    expect(localTime('2026-11-23T13:02:11.000Z')).toBe('2026-11-23 14:02:11');
    expect(localTime('2026-07-01T22:30:00Z')).toBe('2026-07-02 00:30:00');
    expect(zoneWords('2026-11-23T13:02:11Z')).toBe('Europe/Oslo, UTC+01:00');
    expect(zoneWords('2026-07-01T13:02:11Z')).toBe('Europe/Oslo, UTC+02:00');
  });

  it.each(['', '1', 'yesterday', '2026-99-99T99:99:99Z', '<b>'])('leaves %j as it is, being no time', (text) => {
    expect(localTime(text)).toBe(text);
  });

  it('shows what would act unseen, and keeps what people write', () => {
    expect(visible('a\u0000\u001b[31m\u007f\u0085\u202e\u2066\u200b\ufeff')).toBe(
      'a‹U+0000›‹U+001B›[31m‹U+007F›‹U+0085›‹U+202E›‹U+2066›‹U+200B›‹U+FEFF›',
    );
    expect(visible('line\r\nline\ttab')).toBe('line\nline\ttab');
    expect(visible('\ud800')).toBe('\ufffd');
    for (const text of ['مرحبا', '👩‍👩‍👧‍👦🇳🇴', 'Ås é']) expect(visible(text)).toBe(text);
    expect(oneLine('  a \r\n\t b ')).toBe('a b');
  });

  it('cuts between the characters of a reader', () => {
    expect(clip('short', 5)).toBe('short');
    expect(clip('longer', 4)).toBe('long…');
    expect(clip('👩‍👩‍👧‍👦'.repeat(3), 2)).toBe(`${'👩‍👩‍👧‍👦'.repeat(2)}…`);
    expect(clip('N'.repeat(1_000_000), 80)).toBe(`${'N'.repeat(80)}…`);
    expect(clip(`e${'\u0301'.repeat(100_000)}`, 10).length).toBeLessThan(200);
  });

  it('says sizes and floors', () => {
    expect([812, 1_000, 14_213, 2_500_000, -1].map(sizeWords)).toEqual(['812 B', '1.0 kB', '14 kB', '2.5 MB', '—']);
    expect(['3', '-1', '3F', ''].map(floorWords)).toEqual(['floor 3', 'floor -1', '3F', '']);
  });
});

describe('figures of the report', () => {
  it('gives median and worst of what was measured', () => {
    const rooms = [50_000, 10_000, 400_000, 20_000].map((ms, index) => ({
      ...sampleRoom(index, 'migrated'),
      withoutOtjMs: ms,
    }));
    const { without } = figuresOf({ ...sampleReport(), ...counted([...rooms, sampleRoom(4, 'ready')]) });
    expect(without).toMatchObject({ measured: 4, medianMs: 35_000, worst: { ms: 400_000, index: 2 }, unproven: [] });
    expect(without.histogram.map(({ rooms: n }) => n)).toEqual([1, 1, 1, 0, 0, 1]);
    const odd = figuresOf({ ...sampleReport(), ...counted(rooms.slice(0, 3)) });
    expect(odd.without.medianMs).toBe(50_000);
    const none = figuresOf({ ...sampleReport(), ...counted([]) });
    expect(none).toMatchObject({ total: 0, without: { measured: 0, medianMs: null, worst: null, histogram: [] } });
  });

  it('does not count an undone room as waiting for its proof', () => {
    const room = { ...sampleRoom(0, 'awaiting sync') };
    const { without } = figuresOf({ ...sampleReport(), ...counted([room, { ...room, state: 'undone' }]) });
    expect(without.unproven.map(({ index }) => index)).toEqual([0]);
  });

  it('gathers the same task of many rooms, the widest first', () => {
    const { byHand, owed } = figuresOf(sampleReport());
    expect(byHand.map(({ rooms }) => rooms.length)).toEqual([6]);
    expect(owed.map(({ rooms }) => rooms.length)).toEqual([3, 3]);
  });
});

describe('HTML report', () => {
  const page = renderHtml(sampleReport());

  it('counts every state and every room', () => {
    const report = sampleReport();
    for (const [state, count] of Object.entries(report.counts)) {
      expect(page).toMatch(
        new RegExp(`<b>${count}</b> <span class="state [^"]+"><svg[^>]+><use[^>]+></svg> ${state}<`),
      );
    }
    expect(page).toContain('13 of 24 rooms migrated.');
    expect(page.match(/<details /g)).toHaveLength(24);
    expect(page.match(/<tr><th scope="row"><a href="#room-\d+">/g)).toHaveLength(24);
  });

  it('names site, day, technician and, once, the time zone', () => {
    expect(page).toContain('<title>Nordbank Oslo: OTJ hand-over report, 2026-11-23</title>');
    expect(page).toContain('Ola Nordmann');
    expect(page.match(/Europe\/Oslo/g)).toHaveLength(1);
    expect(page).toContain('>2026-11-23 16:31:04</time>');
  });

  it('leads every link to a section', () => {
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(48);
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  });

  it('shows the evidence in full', () => {
    const room = sampleReport().rooms[0];
    for (const { sha256 } of room?.removed ?? []) expect(page).toContain(sha256);
    expect(page).toContain('&lt;MacroRemoveResult status=&quot;OK&quot;/&gt;');
    expect(page).toContain('<code>otj macros SITE ROOM</code>');
  });

  it('speaks of a site without rooms, and of one that is finished', () => {
    expect(renderHtml({ ...sampleReport(), ...counted([]) })).toContain('This site has no rooms yet.');
    const done = { ...sampleRoom(2, 'migrated') };
    const finished = renderHtml({ ...sampleReport(), ...counted([done]) });
    expect(finished).toContain('>1 room migrated.<');
    expect(finished).toContain('No room needs attention.');
    expect(finished).toContain('Nothing by hand, nothing owed, no room left over.');
  });

  it('lets no text of a site become markup', () => {
    const hostile = renderHtml(hostileReport());
    const own = new Set(
      `html head meta title style body svg symbol circle path rect use header main footer section div span p b a ul li dl
       dt dd h1 h2 h3 h4 table thead tbody tr th td time samp code bdi details summary`.split(/\s+/),
    );
    const body = hostile.slice(hostile.indexOf('</style>'));
    // Every `<` must open or close an element that the templates know, with double-quoted attributes only.
    for (const [tag, name = ''] of body.matchAll(/<(?:\/?([a-z0-9]+)((?:\s[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>)?/gi)) {
      expect(own, tag).toContain(name);
      expect(tag, tag).not.toMatch(/\son[a-z]+=|javascript:|\ssrc=/);
    }
    expect(hostile.match(/<\/style>/g)).toHaveLength(1);
    expect(hostile.match(/<\/title>/g)).toHaveLength(1);
    for (const unseen of ['\u0000', '\u202e', '\u2066']) expect(hostile).not.toContain(unseen);
    expect(hostile).toContain(`Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('takes a thousand rooms in its stride', () => {
    const began = performance.now();
    const large = renderHtml(sampleReport(1_000));
    // A bound against quadratic work, not a measurement.
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(large.match(/<details /g)).toHaveLength(1_000);
  });
});

describe('CSV report', () => {
  it('has one line per room, a byte order mark and CRLF', () => {
    const csv = renderCsv(sampleReport());
    expect(csv.startsWith('\uFEFFRoom,Building,Floor,Mailbox,State,State since,Time zone,')).toBe(true);
    expect(csv.split('\r\n')).toHaveLength(24 + 2);
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const [first, , third] = rowsOf(csv);
    expect(first).toMatchObject({
      Room: 'Fjord',
      Floor: '1',
      State: 'migrated',
      'State since': '2026-11-23 09:15:21',
      'Time zone': 'Europe/Oslo, UTC+01:00',
      'Problem code': '',
      Family: 'Cisco RoomOS',
      'Settings changed': '4',
      'Without OTJ (s)': '21',
      'Infinity entry': '400',
      Meetings: '0',
    });
    expect(first?.['Macros removed']).toMatch(/^otj-macro \(SHA-256 3f9c.{60}\); otj-macro-settings /);
    expect(third).toMatchObject({ State: 'needs attention', 'Problem code': 'TRUST_CHANGED', 'Without OTJ (s)': '' });
  });

  it('leaves no formula, whatever the field, the separator and the line breaks', () => {
    const csv = renderCsv(hostileReport());
    const rows = rowsOf(csv);
    expect(rows).toHaveLength(ATTACKS.length);
    expect(csv.split('\r\n')).toHaveLength(ATTACKS.length + 2);
    for (const row of rows) {
      for (const value of Object.values(row)) {
        // A spreadsheet may split at semicolons too.
        for (const part of value.split(/[;\t\r\n]/)) expect(part).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }
    }
    const names = rows.map((row) => row.Room);
    expect(names).toContain("'=cmd|' /C calc'!A0");
    expect(names).toContain("'+1");
    expect(names).toContain("'@SUM(1)");
    expect(names).toContain("a;'=1+1");
    expect(names).toContain('line one line two line three');
  });

  it('leaves a basement its number', () => {
    const report = { ...sampleReport(), ...counted([{ ...sampleRoom(0), floor: '-1' }]) };
    expect(rowsOf(renderCsv(report))[0]?.Floor).toBe('-1');
  });
});
