/** How a Poly device looks at certificates, by its settings and its export, and which authorities it shows. */
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { type PolyMapping, trioMapping, videoosMapping } from '../../main/endpoints/poly/mapping.ts';
import { readPolyFacts } from '../../main/endpoints/poly/videoos/facts.ts';
import { certificatesIn } from '../../main/endpoints/poly/videoos/pem.ts';
import { type ConfigVars, GOOD_RESULT } from '../../main/endpoints/poly/videoos/replies.ts';
import type { PolyWay } from '../../main/endpoints/poly/way.ts';
import { createRedactor } from '../../main/endpoints/redact.ts';

const made = async (name: string) => (await generate([{ name: 'commonName', value: name }], { keyType: 'ec' })).cert;
const [ONE, TWO] = [await made('One'), await made('Two')];
const CHECKS = 'sec.TLS.cert.validatePeer.enable';
const SLOT = 'sec.TLS.customCaCert.';

/** What the facts make of these settings, and of these in the export. */
async function trustOf(
  settings: Readonly<Record<string, string | null>>,
  exported: Readonly<Record<string, string>> = {},
  mapping: PolyMapping = videoosMapping,
) {
  const vars: ConfigVars = new Map(
    Object.entries(settings).map(([name, value]) => [
      name.toLowerCase(),
      { value, result: GOOD_RESULT, editable: undefined },
    ]),
  );
  const system = { serial: '8', state: 'READY', model: '', software: '', systemName: '', rebootNeeded: false };
  const way: PolyWay = {
    link: { transport: 'https', weakness: null },
    redactor: createRedactor(),
    proof: 'none',
    readSystem: async () => system,
    readSerial: async () => '8',
    readAbout: async () => ({ mac: null, deviceMode: null }),
    readNames: async () => vars,
    writeNames: async () => ({ vars, rebootNeeded: false }),
    readStatus: async () => ({ state: 'off', words: '' }),
    readMeetings: async () => null,
    readExport: async () => ({ xml: '', settings: new Map(Object.entries(exported)) }),
    close: async () => undefined,
  };
  return (await readPolyFacts(way, mapping)).trust;
}

describe('certificates in a setting', () => {
  it.each([
    ['as they are', (pem: string) => pem],
    ['with other line ends', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['with blanks in place of line ends', (pem: string) => pem.replaceAll('\n', ' ')],
    ['with line ends written out', (pem: string) => pem.replaceAll('\n', '\\n')],
  ])('are read %s', (_how, bent) => {
    expect(certificatesIn(bent(`${ONE}\n${TWO}`))).toHaveLength(2);
  });

  it.each(['', 'REMOVED_SECURE_CONTENT', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'are none in %j',
    (text) => expect(certificatesIn(text)).toBeNull(),
  );
});

describe('trust of a device', () => {
  it('gathers the authorities of all slots, of settings and export', async () => {
    const { authority, unreadable } = await trustOf(
      { [CHECKS]: 'True', [`${SLOT}1`]: ONE, [`${SLOT}2`]: '' },
      { [`${SLOT}3`]: TWO },
    );
    expect([certificatesIn(authority ?? '')?.length, unreadable]).toEqual([2, false]);
  });

  it.each<[string, Record<string, string | null>, Record<string, string>, boolean]>([
    ['nothing installed', { [`${SLOT}1`]: '' }, {}, false],
    ['a placeholder', { [`${SLOT}1`]: '' }, { [`${SLOT}2`]: 'REMOVED_SECURE_CONTENT' }, true],
    ['no word on any slot', {}, {}, true],
    ['one that is kept secret', { [`${SLOT}1`]: null }, {}, true],
    ['something else', { [`${SLOT}1`]: 'Corporate CA' }, {}, true],
  ])('with %s', async (_what, settings, exported, unreadable) => {
    const seen = await trustOf({ [CHECKS]: 'True', ...settings }, exported);
    expect(seen).toEqual({ validates: true, authority: null, unreadable });
  });

  it('of a Trio is on only where errors are not ignored', async () => {
    const trio = (validate: string, ignore: string) =>
      trustOf(
        {
          'feature.exchangeCalendar.validateCaCerts': validate,
          'exchange.IgnoreSslErrors.enabled': ignore,
          'device.sec.TLS.customCaCert1': ONE,
        },
        {},
        trioMapping,
      );
    expect(await trio('1', '0')).toMatchObject({ validates: true, unreadable: false });
    expect(await trio('1', '1')).toMatchObject({ validates: false });
    expect(await trio('0', '0')).toMatchObject({ validates: false });
    expect(certificatesIn((await trio('1', '0')).authority ?? '')).toHaveLength(1);
  });
});
