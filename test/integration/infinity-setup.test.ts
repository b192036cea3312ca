/** A set-up against a server that keeps less than it was sent, and one of another version. */
import { createHash, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SetupWish } from '../../main/contract/infinity.ts';
import { RESOURCE, schemaPath } from '../../main/infinity/paths.ts';
import { applySetup, previewSetup } from '../../main/services/setupInfinity.ts';
import type { Site } from '../../main/site/site.ts';
import { errorOf } from '../support/codeOf.ts';
import { tempSite } from '../support/siteFile.ts';
import { PASSWORD, type RawNode, startRawNode } from './infinity-server.ts';

let world: RawNode;
let site: Site;
const signal = new AbortController().signal;
const PROFILE = `${RESOURCE.profiles}3/`;
const wish: SetupWish = {
  group: 'Oslo rooms',
  location: 'Oslo',
  profile: 'Oslo OTJ',
  calendar: null,
  rules: ['teams'],
};

beforeEach(async () => {
  world = await startRawNode();
  world.rows[RESOURCE.locations] = [{ id: 1, name: 'Oslo' }];
  world.rows[RESOURCE.profiles] = [{ id: 3, resource_uri: PROFILE, name: 'Oslo OTJ', graph_deployment: '/x/1/' }];
  const pin = createHash('sha256').update(new X509Certificate(world.certificate).raw).digest('hex');
  site = await tempSite({ infinity: { address: '127.0.0.1', port: world.port, group: 'None', pin } });
  site.saveCredential('infinity', null, 'admin', PASSWORD);
});
afterEach(() => world.stop());

async function apply(): Promise<string[]> {
  const written: string[] = [];
  const confirmed = await previewSetup(site, wish, signal);
  await applySetup(site, { wish, confirmed, signal, done: ({ what }) => written.push(what) });
  return written;
}
/** The schema page of a resource with these fields. */
function schemaOf(resource: (typeof RESOURCE)['rules'], fields: readonly string[]): void {
  const rule = { blank: true, default: '', nullable: true, readonly: false };
  const body = { fields: Object.fromEntries(fields.map((field) => [field, rule])) };
  const asked = schemaPath(resource).replace(/\?.*/, '');
  world.before = ({ path }) => (path === asked ? { status: 200, body } : undefined);
}

describe('a set-up', () => {
  it('makes what is missing and is done where all of it reads back', async () => {
    expect(await apply()).toEqual(['rule', 'group']);
    expect(site.settings.infinity?.group).toBe('Oslo rooms');
  });

  it('is not believed where a field does not read back at all', async () => {
    world.after = ({ method, path }) => {
      if (method !== 'GET' || !/mjx_endpoint_group\/\d+\/$/.test(path)) return undefined;
      const { mjx_integration: _, ...rest } = world.rows[RESOURCE.groups]?.[0] ?? {};
      return { status: 200, body: rest };
    };
    expect(await errorOf(apply)).toMatchObject({ code: 'NOT_CONFIRMED', words: 'group "Oslo rooms": mjx_integration' });
    expect(site.settings.infinity?.group).toBe('None');
  });

  it.each([
    ['a bare id', (id: number) => id],
    ['an object with an id alone', (id: number) => ({ id, name: 'whatever' })],
    ['an object', (id: number, uri: string) => ({ id, resource_uri: uri })],
  ])('is believed where what it refers to reads back as %s', async (_how, told) => {
    const show = (value: unknown) => told(Number(/(\d+)\/$/.exec(String(value))?.[1]), String(value));
    world.after = ({ method, path }) => {
      const group = world.rows[RESOURCE.groups]?.[0];
      if (method !== 'GET' || !group || !/mjx_endpoint_group\/\d+\/$/.test(path)) return undefined;
      const { mjx_integration, system_location, ...rest } = group;
      return {
        status: 200,
        body: { ...rest, mjx_integration: show(mjx_integration), system_location: show(system_location) },
      };
    };
    expect(await apply()).toEqual(['rule', 'group']);
    expect(site.settings.infinity?.group).toBe('Oslo rooms');
  });

  it('neither shows nor sends what the connected version does not know', async () => {
    schemaOf(RESOURCE.rules, ['name', 'priority', 'enabled', 'meeting_type', 'mjx_integration']);
    const [, rule] = await previewSetup(site, wish, signal);
    expect(rule?.fields.map(({ field }) => field)).not.toContain('description');
    expect(await apply()).toEqual(['rule', 'group']);
    const sent = world.asked.find(({ method, path }) => method === 'POST' && path === RESOURCE.rules)?.body;
    expect(Object.keys(sent ?? {}).sort()).toEqual(['enabled', 'meeting_type', 'mjx_integration', 'name', 'priority']);
  });

  it('is refused before anything is written where that version lacks what it needs', async () => {
    schemaOf(RESOURCE.rules, ['name', 'priority', 'enabled', 'mjx_integration']);
    expect(await errorOf(apply)).toMatchObject({
      code: 'INFINITY_VERSION',
      words: expect.stringMatching(/meeting_type/),
    });
    expect(world.count('POST')).toBe(0);
  });
});
