/** The tenant that the lab and its tests use. */
import { PERMISSIONS, type Tenant } from './identity/tenant.ts';

export const KARI = {
  id: '0f0a7d0e-6a34-4f0c-8d54-1c5d5d7f0001',
  username: 'kari@contoso.example',
  name: 'Kari Nordmann',
};
export const OLA = {
  id: '0f0a7d0e-6a34-4f0c-8d54-1c5d5d7f0002',
  username: 'ola@contoso.example',
  name: 'Ola Nordmann',
};

/** A tenant of its own for each lab: tests consent and withdraw. */
export function contoso(change: Partial<Omit<Tenant, 'consented' | 'roles'>> = {}): Tenant {
  return {
    id: '7a1c2f64-52f1-4a3e-9b7c-2d6f3a9e0101',
    domain: 'contoso.example',
    people: [KARI, OLA],
    registration: { clientId: 'c0ffee00-1111-4222-8333-444455556666', certificate: null },
    consented: new Set(PERMISSIONS),
    roles: new Set(PERMISSIONS),
    peopleConsent: false,
    ...change,
  };
}
