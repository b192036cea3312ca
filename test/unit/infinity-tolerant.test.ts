/** Objects of the Management API in the forms that a node, or somebody's script on it, may give them. */
import { describe, expect, it } from 'vitest';
import { RESOURCE } from '../../main/infinity/paths.ts';
import {
  ContactSchema,
  EntrySchema,
  GroupSchema,
  LicenceSchema,
  NodeStateSchema,
  ProfileSchema,
} from '../../main/infinity/resources.ts';

describe('objects of the API', () => {
  it.each([
    [{ id: '57' }, { id: 57 }],
    [{ api_port: '443' }, { api_port: 443 }],
    [{ api_port: '' }, { api_port: null }],
    [{ api_port: 44.5 }, { api_port: null }],
    [{ poly_raise_alarms_for_this_endpoint: 'False' }, { poly_raise_alarms_for_this_endpoint: false }],
    [{ poly_raise_alarms_for_this_endpoint: 1 }, { poly_raise_alarms_for_this_endpoint: true }],
    [{ poly_raise_alarms_for_this_endpoint: '__proto__' }, { poly_raise_alarms_for_this_endpoint: null }],
    [{ poly_raise_alarms_for_this_endpoint: { toString: 1 } }, { poly_raise_alarms_for_this_endpoint: null }],
    [{ name: 12 }, { name: '12' }],
    [{ name: ['a'] }, { name: null }],
    [{ mjx_endpoint_group: { id: 3, name: 'x' } }, { mjx_endpoint_group: `${RESOURCE.groups}3/` }],
    [{ mjx_endpoint_group: { resource_uri: '/a/3/' } }, { mjx_endpoint_group: '/a/3/' }],
    [{ mjx_endpoint_group: 3 }, { mjx_endpoint_group: `${RESOURCE.groups}3/` }],
    [{ mjx_endpoint_group: [] }, { mjx_endpoint_group: null }],
  ])('reads an entry with %o', (odd, read) => {
    expect(EntrySchema.parse({ id: 57, ...odd })).toMatchObject({ id: 57, ...read });
  });

  it('leaves out what is left out', () => {
    expect(EntrySchema.parse({ id: 57 })).toEqual({ id: 57 });
  });

  it('needs an id', () => {
    for (const id of [undefined, null, 'x', 1.5, {}]) expect(EntrySchema.safeParse({ id }).success).toBe(false);
  });

  it('reads the others in the same way', () => {
    expect(ContactSchema.parse({ number_of_meetings: '4' })).toEqual({ number_of_meetings: 4 });
    expect(GroupSchema.parse({ id: 3, endpoints: [{ id: 1, name: 'a' }] })).toMatchObject({ id: 3 });
    expect(GroupSchema.parse({ id: 3, endpoints: { resource_uri: '/x/1/' } })).toMatchObject({ id: 3 });
    expect(ProfileSchema.parse({ id: 3, ep_use_https: 'true' })).toMatchObject({ ep_use_https: true });
    expect(LicenceSchema.parse({ otj_count: '4', otj_total: '10' })).toEqual({ otj_count: 4, otj_total: 10 });
    expect(NodeStateSchema.parse({ configuration_id: '4', system_location: { name: 'Oslo' } })).toEqual({
      configuration_id: 4,
      system_location: null,
    });
  });
});
