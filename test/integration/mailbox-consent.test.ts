/** A person who is signed in, in a tenant whose administrator has not granted all: each missing permission hides its own check only. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setAccess } from '../../main/services/access.ts';
import { connect, signInPerson } from '../../main/services/connection.ts';
import { checkMailboxes, roomMailboxes } from '../../main/services/mailboxes.ts';
import { contoso, KARI } from '../lab/microsoft/contoso.ts';
import { BrowserPerson } from '../lab/microsoft/identity/person.ts';
import { type MicrosoftLab, startMicrosoft } from '../lab/microsoft/index.ts';
import { ACCESS } from '../support/access.ts';
import { mailboxTenant } from '../support/mailboxTenant.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const tenant = contoso();
let lab: MicrosoftLab;
let person: BrowserPerson;

beforeAll(async () => {
  lab = await startMicrosoft({ tenant, directory: mailboxTenant().tenant });
  lab.identity.pace.poll = 0.05;
  person = new BrowserPerson(lab.identity.certificate);
});
afterAll(async () => {
  await person?.close();
  await lab?.stop();
});

it('leaves the other checks standing, and asks Graph nothing that it would refuse', async () => {
  tenant.consented.delete('Calendars.Read.Shared');
  tenant.consented.delete('GroupMember.Read.All');
  const site = await tempSite({ technician: 'Kari' });
  addRoom(site, { name: 'fjord', mailbox: 'fjord@contoso.example', address: '10.0.0.1' });
  addRoom(site, { name: 'shared', mailbox: 'shared@contoso.example', address: '10.0.0.2' });
  setAccess(site, ACCESS);
  await connect(site, lab.connection);
  await signInPerson(site, {
    way: 'device-code',
    features: ['results'],
    openUrl: async () => undefined,
    prompt: (prompt) => {
      if (prompt.way === 'device-code') void person.enterCode(prompt.verificationUri, prompt.userCode, KARI.username);
    },
  });
  const { last } = await checkMailboxes(site, { signal: new AbortController().signal, done: () => undefined });
  const said = roomMailboxes(site).map(({ room, findings }) => [
    room,
    Object.fromEntries(findings.map(({ check, status, reason }) => [check, `${status} ${reason}`])),
  ]);
  expect(Object.fromEntries(said)).toMatchObject({
    fjord: {
      exists: 'pass found',
      kind: 'pass room',
      calendar: 'unchecked not-permitted',
      member: 'unchecked not-permitted',
      place: 'pass listed',
    },
    shared: { kind: 'fail shared', calendar: 'unchecked not-permitted' },
  });
  expect(last?.group).toMatchObject({ status: 'unchecked', reason: 'not-permitted' });
  expect(lab.graph.asked.some(({ what }) => /calendarView|groups/.test(what))).toBe(false);
});
