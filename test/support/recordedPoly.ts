/** Poly devices of the lab that tell much of a customer, and a site that knows them: what a recording must not give away. */
import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';
import type { DrivenFamily } from '../../main/contract/plan.ts';
import { type Recorded, recordRoom } from '../../main/services/record.ts';
import type { Site } from '../../main/site/site.ts';
import { type Bench, OLD, registered, SUBJECTS, type Subject, startBench, target } from '../contract/poly/devices.ts';
import { addRoom, tempFolder, tempSite } from './siteFile.ts';

/** A certificate tells whose it is. */
const { cert: AUTHORITY } = await generate([{ name: 'commonName', value: 'Skagerrak Root CA of Nordbank' }], {
  keyType: 'ec',
  algorithm: 'sha256',
});
const AUTHORITY_WORDS = AUTHORITY.split('\n').filter((line) => line.length === 64);

/** Each family over each way, and the other names that a VideoOS firmware may have for its settings. */
export const RECORDED: readonly Subject[] = [
  ...SUBJECTS,
  ...SUBJECTS.filter(({ spec }) => spec.kind === 'poly-videoos').map((subject) => ({
    ...subject,
    name: 'VideoOS with the names of its export',
    spec: { ...subject.spec, software: '4.3.0' },
  })),
];

/** Everything that must not be found in a recording; long enough that no stand-in is the same by chance. */
export const PRIVATE: readonly string[] = [
  'Skagerrak',
  'Kattegat',
  'Nordbank',
  'nordmann',
  'merger',
  'contoso',
  'fjord@example.com',
  'example.com',
  'svc-fjord',
  OLD.server,
  'pexip.example',
  OLD.password,
  '8L0KARI00072',
  '64167F0A0B01',
  '64:16:7F:0A:0B:01',
  '00:E0:DB:0A:1B:2C',
  '00E0DB0A1B2C',
  'rm.nordbank.example',
  ...AUTHORITY_WORDS,
];

export async function privatePoly(subject: Subject): Promise<Bench> {
  const isTrio = subject.spec.kind === 'poly-trio';
  const settings = { ...subject.spec.settings };
  if (subject.spec.kind === 'poly-videoos') Object.assign(settings, { 'sec.TLS.customCaCert.1': AUTHORITY });
  const bench = await startBench({ onTestFinished }, subject, {
    systemName: 'Skagerrak',
    provisioningServer: 'rm.nordbank.example',
    ...(isTrio ? {} : { serial: '8L0KARI00072', mac: '00:E0:DB:0A:1B:2C' }),
    settings,
  });
  const [meeting] = bench.meetings;
  if (meeting)
    Object.assign(meeting, {
      subject: 'Merger with Contoso',
      organizer: { name: 'Kari Nordmann', email: 'kari.nordmann@nordbank.example' },
    });
  await registered(bench);
  return bench;
}

/** A site that has this device in its room list, beside others. */
export async function siteWith(bench: Bench, subject: Subject): Promise<Site> {
  const { address, username, password, ...ports } = target(bench, subject);
  const { sshPort, httpsPort } = ports;
  const site = await tempSite({
    sshPort,
    httpsPort,
    telnetPort: ports.telnetPort ?? 24,
    timeoutMs: 5_000,
    name: 'Nordbank',
  });
  const family = subject.driver.family as DrivenFamily;
  site.saveCredential(family, null, username, password);
  const { endpoint } = addRoom(site, {
    name: 'Skagerrak',
    building: 'Kattegat',
    mailbox: 'fjord@example.com',
    address,
    family,
  });
  if (family === 'poly-group') site.rooms.setLink(endpoint.id, { transport: subject.transport, legacy: false });
  addRoom(site, { name: 'Status', mailbox: 'status@nordbank.example', address: '10.44.7.20' });
  return site;
}

export async function recordPoly(bench: Bench, subject: Subject): Promise<Recorded> {
  const site = await siteWith(bench, subject);
  const room = site.rooms.byMailbox('fjord@example.com');
  if (!room) throw new Error('the room is missing');
  const { signal } = new AbortController();
  return recordRoom(site, { room, folder: tempFolder(), transport: null, signal });
}
