import { describe, expect, it } from 'vitest';
import { ADMIN, basic, codec, cookie, getMacro, http } from './lab-codec-raw.ts';

describe('the HTTP API', () => {
  it('asks who is there', async () => {
    const { spec } = await codec();
    for (const headers of [{}, basic({ ...ADMIN, passphrase: 'wrong' })]) {
      const refused = await http(spec, 'GET', '/getxml?location=/Status/SystemUnit', headers);
      expect(refused).toMatchObject({ status: 401, text: expect.stringMatching(/^401 Unauthorized/) });
      expect(refused.headers).toMatchObject({ server: 'nginx', 'www-authenticate': 'Basic realm="CISCO-Endpoint"' });
    }
  });

  it('serves a cookie session; a cookie that is over gets a page with status 200', async () => {
    const { spec } = await codec();
    const session = await cookie(spec);
    const read = await http(spec, 'GET', '/getxml?location=Status/SystemUnit/ProductId', session);
    expect(read.text).toBe(
      `<?xml version="1.0"?>\n<Status product="Cisco Codec" version="${spec.software}" apiVersion="4"><SystemUnit><ProductId>Cisco Room Kit Pro</ProductId></SystemUnit></Status>\n`,
    );
    const content = 'line 1\n.\n“é” <&> 🎥\n';
    const body = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const save = `<Command><Macros><Macro><Save command="True"><Name>m</Name><body>${body}</body></Save></Macro></Macros></Command>`;
    expect((await http(spec, 'POST', '/putxml', session, save)).text).toContain('<MacroSaveResult status="OK">');
    const got = await http(spec, 'POST', '/putxml', session, getMacro('m'));
    expect(got.text).toContain(
      `<Macro item="1" maxOccurrence="n"><Name>m</Name><Active>False</Active><Content>line 1\n.\n`,
    );
    const set = '<Configuration><Macros><Mode>On</Mode></Macros></Configuration>';
    expect((await http(spec, 'POST', '/putxml', session, set)).text).toContain(
      '<Configuration><Success/></Configuration>',
    );
    const nothing = await http(spec, 'POST', '/putxml', session, '<Command><Foo><Bar/></Foo></Command>');
    expect(nothing.text).toContain('<ActionError><Reason>No action detected in document</Reason></ActionError>');
    const unknown = await http(spec, 'POST', '/putxml', session, '<Command><Foo command="True"/></Command>');
    expect(unknown.text).toContain('<Reason>Unknown command</Reason>');
    expect((await http(spec, 'POST', '/xmlapi/session/end', session)).status).toBe(204);
    expect((await http(spec, 'POST', '/xmlapi/session/end', session)).status).toBe(200);
    const over = await http(spec, 'GET', '/status.xml', session);
    expect(over).toMatchObject({ status: 200, text: expect.stringMatching(/^<!DOCTYPE html>/) });
  });

  it('takes a 200 kB macro full of markup', async () => {
    const { spec, device } = await codec();
    const body = '&lt;&amp;&gt;&quot;é'.repeat(15_000);
    const save = `<Command><Macros><Macro><Save command="True"><Name>m</Name><body>${body}</body></Save></Macro></Macros></Command>`;
    expect((await http(spec, 'POST', '/putxml', basic(ADMIN), save)).text).toContain('status="OK"');
    expect(device.snapshot().macros).toEqual([{ name: 'm', active: false, content: '<&>"é'.repeat(15_000) }]);
  });

  it('answers one Basic request a second and turns the rest of a crowd away with 503', async () => {
    const { spec, device } = await codec();
    const statuses: number[] = [];
    for (let number = 0; number < 40; number++) {
      http(spec, 'GET', '/status.xml', basic(ADMIN)).then(
        ({ status: seen }) => statuses.push(seen),
        () => {},
      );
    }
    await expect.poll(() => statuses.filter((seen) => seen === 503).length, { timeout: 4000 }).toBe(9);
    expect(statuses.filter((seen) => seen === 200).length).toBeLessThanOrEqual(4);
    await device.stop();
  });

  it('limits sessions, and stops listening when HTTP is Off', async () => {
    const { spec } = await codec({
      software: 'ce9.15.17.4.0123456789a',
      settings: { 'Security Session MaxSessionsPerUser': '2' },
    });
    const session = await cookie(spec);
    await cookie(spec);
    expect((await http(spec, 'POST', '/xmlapi/session/begin', basic(ADMIN))).status).toBe(503);
    const off = '<Configuration><NetworkServices><HTTP><Mode>Off</Mode></HTTP></NetworkServices></Configuration>';
    expect((await http(spec, 'POST', '/putxml', session, off)).text).toContain('<Success/>');
    await expect(http(spec, 'GET', '/status.xml', session)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('takes bookings from an administrator in both ways', async () => {
    const { spec, device } = await codec();
    const session = await cookie(spec);
    const xml = `<Bookings item="1" status="OK"><Booking item="1"><Id>7</Id><Title>Æ &amp; Ø</Title><Organizer><FirstName>Kari</FirstName></Organizer><Time><StartTime>2026-01-01T10:00:00Z</StartTime><EndTime>2026-01-01T10:30:00Z</EndTime></Time><DialInfo><Calls><Call item="1"><Number>a@b.example</Number><Protocol>SIP</Protocol></Call></Calls></DialInfo></Booking></Bookings>`;
    expect((await http(spec, 'POST', '/bookingsputxml', session, xml)).text).toContain('<success/>');
    expect(device.snapshot().bookings).toMatchObject([{ id: '7', title: 'Æ & Ø', minutes: 30 }]);
    const clear = '<Command><Bookings><Clear command="True"/></Bookings></Command>';
    expect((await http(spec, 'POST', '/putxml', session, clear)).text).toContain('<BookingsClearResult status="OK"/>');
    expect(device.snapshot().bookings).toEqual([]);
  });

  it('queues requests with a cookie, and turns away what is more than ninety', async () => {
    const { spec, device } = await codec();
    const session = await cookie(spec);
    const statuses: number[] = [];
    for (let number = 0; number < 150; number++) {
      http(spec, 'GET', '/getxml?location=/Status/Time', session).then(
        ({ status: seen }) => statuses.push(seen),
        () => {},
      );
    }
    await expect.poll(() => statuses.filter((seen) => seen === 503).length, { timeout: 4000 }).toBeGreaterThan(0);
    // What waits is answered in its turn, what was turned away is not.
    await expect.poll(() => statuses.length, { timeout: 15_000 }).toBe(150);
    const away = statuses.filter((seen) => seen === 503).length;
    // The slower they come on a computer that is busy, the more of them find a place.
    expect(away).toBeGreaterThan(10);
    expect(away).toBeLessThanOrEqual(59);
    await device.stop();
  });
});

describe('documents of the HTTP API', () => {
  const set = (path: string, value: string) =>
    `<Configuration>${path
      .split(' ')
      .map((word) => `<${word}>`)
      .join('')}${value}${path
      .split(' ')
      .reverse()
      .map((word) => `</${word}>`)
      .join('')}</Configuration>`;

  it('are whole, or what a location names, however it is written', async () => {
    const { spec } = await codec();
    const session = await cookie(spec);
    const get = async (path: string) => (await http(spec, 'GET', path, session)).text;
    const head = '<?xml version="1.0"?>\n';
    expect(await get('/status.xml')).toMatch(
      /^<\?xml version="1.0"\?>\n<Status product="Cisco Codec" .*<\/Status>\n$/s,
    );
    expect(await get('/configuration.xml')).toContain('<Macros><AutoStart valueSpaceRef=');
    expect(await get('/command.xml')).toContain('<Get command="True"/>');
    const speed = await get('/getxml?location=/Status/Network/1/Ethernet/Speed');
    expect(speed).toContain(
      '<Network item="1" maxOccurrence="n"><Ethernet><Speed>1000full</Speed></Ethernet></Network>',
    );
    expect(await get('/getxml?location=Status/Network[1]/Ethernet/Speed')).toBe(speed);
    const servers = await get('/getxml?location=/Configuration/NetworkServices/NTP/Server');
    expect(servers.match(/<Server item="\d" maxOccurrence="n">/g)).toHaveLength(3);
    expect(servers).toContain('>0.tandberg.pool.ntp.org</Address>');
    for (const location of ['/Status/Nothing', '/Configuration/Macros/Nothing', '/Nothing', '']) {
      expect(await get(`/getxml?location=${location}`)).toBe(`${head}<EmptyResult/>\n`);
    }
  });

  it('hold one setting or several, each with its own error', async () => {
    const { spec, device } = await codec();
    const session = await cookie(spec);
    const put = async (document: string) => (await http(spec, 'POST', '/putxml', session, document)).text;
    const server = '<Server item="2"><Address>ntp.lab.example</Address></Server>';
    expect(
      await put(`<Configuration><NetworkServices><NTP>${server}</NTP></NetworkServices></Configuration>`),
    ).toContain('<Success/>');
    expect(device.snapshot().settings).toMatchObject({ 'NetworkServices NTP Server 2 Address': 'ntp.lab.example' });
    expect(await put(set('Audio DefaultVolume', 'loud'))).toContain(
      '<Configuration><Audio><DefaultVolume error="True">Illegal value</DefaultVolume></Audio></Configuration>',
    );
    const absent = await put(set('Audio Foo', '1'));
    expect(absent).toContain('<Configuration status="Error"><Reason>No match on address expression</Reason>');
    expect(absent).not.toContain('Success');
    expect(await put(set('', ''))).toContain('No action detected in document');
    expect(await put('<Configuration><Macros>')).toContain('No action detected in document');
  });

  it('hold several commands, answered in order in one document', async () => {
    const { spec } = await codec();
    const body =
      '<Bookings><List command="True"/></Bookings><Macros><Macro><Get command="True"/></Macro></Macros><Nonsense command="True"/>';
    const { text } = await http(spec, 'POST', '/putxml', basic(ADMIN), `<Command>${body}</Command>`);
    const names = [...text.matchAll(/<(\w*Result) status="(\w+)"/g)].map(([, name, outcome]) => `${name} ${outcome}`);
    expect(names).toEqual(['BookingsListResult OK', 'MacroGetResult OK', 'Result Error']);
  });

  it('keep a body as it is, in text, references and CDATA', async () => {
    const { spec, device } = await codec();
    const session = await cookie(spec);
    const save = (body: string) =>
      `<Command><Macros><Macro><Save command="True"><Name>m</Name><body>${body}</body></Save></Macro></Macros></Command>`;
    const kept = async (body: string) => {
      const { text } = await http(spec, 'POST', '/putxml', session, save(body));
      expect(text).toContain('<MacroSaveResult status="OK">');
      return (device.snapshot().macros as { content: string }[])[0]?.content;
    };
    expect(await kept('  \n a \n\n')).toBe('  \n a \n\n');
    expect(await kept('a&#13;&#10;b&#x41;&lt;&gt;&amp;&quot;&apos;&amp;lt;')).toBe('a\r\nbA<>&"\'&lt;');
    expect(await kept('<![CDATA[ a < b && c > d &amp; ]]>]]&gt;')).toBe(' a < b && c > d &amp; ]]>');
    // The line-end rule of XML.
    expect(await kept('a\r\nb\rc')).toBe('a\nb\nc');
  });
});
