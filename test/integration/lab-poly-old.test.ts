import { get } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { startPoly } from '../lab/poly/poly.ts';
import type { LabDevice, PolyOldSpec } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { ADMIN, ask, digest } from './lab-poly-raw.ts';

const HDX: PolyOldSpec = {
  kind: 'poly-hdx',
  address: '127.31.25.1',
  httpsPort: 8443,
  httpPort: 8080,
  serial: '82071000TEST02',
  mac: '00:E0:DB:00:20:01',
  model: 'HDX 9000',
  systemName: 'Old <Room>',
  software: 'Release - 3.1.14',
  admin: ADMIN,
};

let device: LabDevice | undefined;
afterEach(async () => {
  await device?.stop();
  device = undefined;
});

it('an HDX is known by its page and server, over HTTP too, and takes commands by Digest', async () => {
  device = await startPoly(HDX, createWorld());
  const page = await ask(HDX, 'GET', '/');
  expect([page.headers.server, page.text.includes('Polycom')]).toEqual(['Viavideo-Web', true]);
  const plain = await new Promise((resolve) => {
    get(`http://${HDX.address}:${HDX.httpPort}/`, { agent: false }, (reply) => {
      reply.resume();
      resolve(reply.headers.server);
    });
  });
  expect(plain).toBe('Viavideo-Web');
  const uri = '/a_apicommand.cgi';
  const body = 'apicommand=systemname+get%3Bcalendarserver+get%3B';
  const asked = await ask(HDX, 'POST', uri, { body });
  expect(asked.status).toBe(401);
  const headers = digest(String(asked.headers['www-authenticate']), { method: 'POST', uri, ...ADMIN });
  const answer = await ask(HDX, 'POST', uri, { body, headers });
  expect(answer.text).toContain('<command status="success"><result>systemname &#34;Old &#60;Room&#62;&#34;</result>');
  expect(answer.text).toContain('error: command not found');
  expect(device.snapshot()).toMatchObject({ commands: ['systemname get', 'calendarserver get'] });
});

it('a Debut has its name and nothing else', async () => {
  const spec: PolyOldSpec = { ...HDX, kind: 'poly-debut', model: 'RealPresence Debut' };
  device = await startPoly(spec, createWorld());
  expect((await ask(spec, 'GET', '/')).text).toContain('Polycom RealPresence Debut');
  expect((await ask(spec, 'GET', '/rest/system')).status).toBe(404);
});
