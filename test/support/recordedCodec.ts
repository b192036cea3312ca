/** A lab codec that tells much of a customer, and a site that knows it: what a recording must not give away. */
import type { Transport } from '../../main/contract/device.ts';
import type { Recording } from '../../main/endpoints/record/recording.ts';
import { type Recorded, recordRoom } from '../../main/services/record.ts';
import type { Site } from '../../main/site/site.ts';
import { startCodec } from '../lab/cisco/codec.ts';
import { neighbours, otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice, LabMacro } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { addRoom, tempFolder, tempSite } from './siteFile.ts';

/** Who may log in. */
export const USER = { username: 'avadmin', passphrase: 'Kveldsmat "7" <&> øl 9911', roles: ['Admin' as const] };
export const PORTS = { sshPort: 3267, httpsPort: 9867 };
const TOKEN = 'tok_9f8e7d6c5b4a39281706';

/** Private in every way: names in code, comments, texts, hosts, addresses, tokens. */
const OWN_MACRO: LabMacro = {
  name: 'nordbank-Skagerrak-lights',
  active: true,
  content: `import xapi from 'xapi';
// Made by Kari Nordmann <kari.nordmann@nordbank.example> for Skagerrak, 10.44.7.19
const skagerrakLights = { host: 'https://lights.nordbank.example/api', key: '${TOKEN}', pin: 48211937 };
/* Ring Ola på 99 88 77 66.
.
** end
OK
*/
const text = "Skagerrak \\"the big one\\"\\n\\u00f8st";
xapi.Command.HttpClient.Get({ Url: \`\${skagerrakLights.host}/rooms/Skagerrak?mac=0050600A1B2C\` }).catch(() => {});
console.log(text);
`,
};

/** Everything that must not be found in a recording; long enough that no stand-in is the same by chance. */
export const PRIVATE: readonly string[] = [
  USER.passphrase,
  USER.username,
  'Skagerrak',
  'Nordbank',
  'nordmann',
  'skagerrak@nordbank.example',
  'FOC1122KARI',
  '00:50:60:0A:1B:2C',
  '0050600A1B2C',
  TOKEN,
  '48211937',
  '99 88 77 66',
  '10.44.7.19',
  'tms.nordbank.example',
  'fjord-tenant',
  'service-token-4711',
  'Doors-Of-Kattegat',
  'Kattegat',
];

export async function privateCodec(change: Partial<CodecSpec> & { address: string }): Promise<LabDevice> {
  const isOld = /^(tc|ce8)/i.test(change.software ?? '');
  const spec: CodecSpec = {
    kind: 'codec',
    ...PORTS,
    serial: 'FOC1122KARI',
    mac: '00:50:60:0A:1B:2C',
    model: 'Cisco Room Kit Pro',
    systemName: 'Skagerrak',
    software: 'ce26.4.1.0.0123456789a',
    users: [USER, { username: 'kari.nordmann', passphrase: 'Guest-Secret-1234', roles: ['User', 'RoomControl'] }],
    macros: isOld
      ? []
      : [
          OWN_MACRO,
          ...neighbours,
          ...otjMacroPair({ tenant: 'fjord-tenant', token: 'service-token-4711', pollMs: 600_000 }),
        ],
    panels: isOld ? [] : [{ panelId: 'kattegat_doors', name: 'Doors-Of-Kattegat' }],
    allowedHosts: isOld ? [] : ['lights.nordbank.example', '.*\\.otj\\.pexip\\.io'],
    manager: { mode: 'TMS', address: 'tms.nordbank.example' },
    settings: isOld ? {} : { 'Macros Mode': 'On', 'HttpClient Mode': 'On' },
    ...change,
  };
  return startCodec(spec, createWorld());
}

/** A site that has this codec in its room list, beside others. */
export async function siteWith({ spec }: LabDevice, legacy = false): Promise<Site> {
  const site = await tempSite({ ...PORTS, timeoutMs: 5_000, name: 'Nordbank Bergen' });
  site.saveCredential('cisco-roomos', null, USER.username, USER.passphrase);
  const { endpoint } = addRoom(site, {
    name: 'Skagerrak',
    building: 'Kattegat',
    mailbox: 'skagerrak@nordbank.example',
    address: spec.address,
    family: 'cisco-roomos',
  });
  site.rooms.setLink(endpoint.id, { transport: 'auto', legacy });
  addRoom(site, { name: 'Room 1', mailbox: 'room1@nordbank.example', address: '10.44.7.19' });
  addRoom(site, { name: 'Status', mailbox: 'status@nordbank.example', address: '10.44.7.20' });
  return site;
}

export async function record(
  device: LabDevice,
  { transport, legacy = false }: { transport: Transport; legacy?: boolean },
): Promise<Recorded & { site: Site }> {
  const site = await siteWith(device, legacy);
  const [room] = site.rooms.all().filter(({ name }) => name === 'Skagerrak');
  if (!room) throw new Error('the room is missing');
  const { signal } = new AbortController();
  return { site, ...(await recordRoom(site, { room, folder: tempFolder(), transport, signal })) };
}

/** All texts of a recording that may hold anything: answers as they are, and with their escapes undone. */
export function wordsOf(recording: Recording): string {
  const raw = JSON.stringify(recording, null, 1);
  const plain = recording.exchanges
    .map((one) => (one.over !== 'https' ? one.said : (one.reply?.said ?? '')))
    .join('\n');
  const undone = plain.replace(/\\u([0-9a-f]{4})/gi, (_all, code) => String.fromCharCode(Number.parseInt(code, 16)));
  return [raw, plain, undone, undone.replaceAll('\\"', '"').replaceAll('&quot;', '"').replaceAll('&amp;', '&')].join(
    '\n',
  );
}
