/** The identity service of the lab, a person with a browser, and the ways to sign in, for each test of a file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished } from 'vitest';
import { asOtjError } from '../../main/contract/errors.ts';
import type { SignInPrompt } from '../../main/contract/microsoft/connection.ts';
import { connect, type PersonWish, signInPerson } from '../../main/services/connection.ts';
import { Site } from '../../main/site/site.ts';
import { contoso, KARI } from '../lab/microsoft/contoso.ts';
import { type Identity, startIdentity, type Where } from '../lab/microsoft/identity/identity.ts';
import { BrowserPerson } from '../lab/microsoft/identity/person.ts';
import { PERMISSIONS } from '../lab/microsoft/identity/tenant.ts';
import { PASSPHRASE, tempSite } from './siteFile.ts';

export const AUDIENCE = 'https://graph.lab.example';
export const CHECK = [
  'User.Read.All',
  'MailboxSettings.Read',
  'GroupMember.Read.All',
  'Place.Read.All',
  'Calendars.Read.Shared',
];
const WHERE: readonly Where[] = ['discovery', 'authorize', 'device', 'code', 'device-poll', 'refresh', 'app'];

export const tenant = contoso();
export const fabrikam = contoso({ id: '7a1c2f64-52f1-4a3e-9b7c-2d6f3a9e0202', domain: 'fabrikam.example' });
export let lab: Identity;
export let person: BrowserPerson;
export let appPem: string;
/** All that was printed, told or written by anybody here. */
export const told: string[] = [];

beforeAll(async () => {
  lab = await startIdentity({ tenants: [tenant, fabrikam], audience: AUDIENCE });
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'OTJ Migrator at Contoso' }], {
    keySize: 2048,
  });
  appPem = `${cert}\n${key}`;
  tenant.registration.certificate = cert;
});
beforeEach(() => {
  person = new BrowserPerson(lab.certificate);
});
afterEach(async () => {
  for (const where of WHERE) lab.trouble(where, null);
  Object.assign(lab.pace, { access: 3600, code: 900, poll: 0.02 });
  tenant.peopleConsent = false;
  for (const one of PERMISSIONS) tenant.consented.add(one);
  await person.close();
  expect(lab.faults).toEqual([]);
});
afterAll(() => lab?.stop());

export async function connected(): Promise<Site> {
  const site = await tempSite();
  const other = { authority: lab.authority, graph: AUDIENCE };
  const { clientId } = tenant.registration;
  await connect(site, { cloud: 'other', other, ca: lab.certificate, tenant: tenant.id, clientId });
  return site;
}

/** What a person does meanwhile; what becomes of it shows in the app. */
export function meanwhile(work: Promise<unknown>): void {
  work.catch((thrown: unknown) => told.push(String(thrown)));
}

export const noPrompt = () => undefined;
export const noBrowser = async () => {
  throw new Error('no browser');
};

export function byBrowser(site: Site, username = KARI.username, change: Partial<PersonWish> = {}) {
  const openUrl = async (url: string) => meanwhile(person.signIn(url, username));
  return signInPerson(site, { way: 'browser', features: ['check'], openUrl, prompt: noPrompt, ...change });
}

export function byCode(site: Site, change: Partial<PersonWish> = {}) {
  const prompt = (shown: SignInPrompt) => {
    told.push(JSON.stringify(shown));
    if (shown.way === 'device-code') meanwhile(person.enterCode(shown.verificationUri, shown.userCode, KARI.username));
  };
  return signInPerson(site, { way: 'device-code', features: ['check'], openUrl: noBrowser, prompt, ...change });
}

export async function failure(work: Promise<unknown>) {
  const error = asOtjError(
    await work.then(
      () => new Error('it went well'),
      (thrown: unknown) => thrown,
    ),
  );
  told.push(String(error), JSON.stringify(error.toProblem()), String(error.stack), JSON.stringify(error.cause ?? null));
  return { code: error.code, words: error.words ?? '' };
}

/** As Graph reads it. */
export async function claimsOf(token: string) {
  const keys = createLocalJWKSet(lab.jwks as JSONWebKeySet);
  const { payload } = await jwtVerify(token, keys, { issuer: lab.issuerOf(tenant), audience: AUDIENCE });
  return payload;
}

/** The same site file in a program that has just begun. */
export async function afresh(site: Site): Promise<Site> {
  const again = Site.open(site.path);
  onTestFinished(() => again.close());
  await again.unlock(PASSPHRASE);
  return again;
}

/** Text of all small files of a folder that this test may have made. */
export function filesOf(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      try {
        return readFileSync(join(entry.parentPath, entry.name)).toString('latin1');
      } catch {
        return '';
      }
    })
    .join('\n');
}

/** Which of the lab's secrets stand in a text, as they are or as part of an address. */
export function secretsIn(text: string): string[] {
  return [...lab.secrets].filter((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)));
}
