/** Recording Poly devices of any family, over whichever way they are spoken to. */
import { OtjError } from '../../../contract/errors.ts';
import type { RecordedDevice, Recorder } from '../../record/recorder.ts';
import type { Reading } from '../../record/walk.ts';
import type { PolyMapping } from '../mapping.ts';
import { MAPPINGS, openPoly, type PolyFamilyName } from '../open.ts';
import { probeNames, readPolyFacts } from '../videoos/facts.ts';
import type { PolyWay } from '../way.ts';
import { polyDialect } from './dialect.ts';
import { digestOf, polyDigestSchema, wordsOf } from './digest.ts';
import { LINES, RESOURCES, type Resource } from './reads.ts';

export function polyRecorder(family: PolyFamilyName): Recorder {
  const mapping = MAPPINGS[family];
  return {
    family,
    isFor: (model) => new RegExp(mapping.models, 'i').test(model),
    dialect: polyDialect,
    digest: polyDigestSchema,
    async open(target, signal, wire): Promise<RecordedDevice> {
      const way = await openPoly(family, target, signal, wire);
      return {
        link: way.link,
        async identify() {
          const { serial, model, software, systemName } = await way.readSystem();
          return { serial, mac: null, model, software, systemName };
        },
        readings: [...drivenReadings(way, mapping), ...furtherReadings(way, RESOURCES[family])],
        async look() {
          const digest = digestOf(mapping, await readPolyFacts(way, mapping));
          return { digest, words: wordsOf(digest) };
        },
        close: () => way.close(),
      };
    },
  };
}

/** All that the driver reads in a visit, in the very requests that it makes. */
function drivenReadings(way: PolyWay, mapping: PolyMapping): Reading[] {
  const names = [...probeNames(mapping), ...(way.macName ? [way.macName] : [])];
  return [
    { title: 'system', run: () => way.readSystem() },
    { title: 'serial number', run: () => way.readSerial() },
    { title: 'MAC address, mode, provider', run: () => way.readAbout() },
    { title: 'settings with their candidate names', run: () => way.readNames(names) },
    { title: 'export', run: () => way.readExport() },
    { title: 'calendar', run: () => way.readStatus() },
    { title: 'meetings', run: () => way.readMeetings() },
  ];
}

function furtherReadings({ touch, talk }: PolyWay, resources: readonly Resource[]): Reading[] {
  if (talk) return LINES.map((title) => ({ title, run: async () => taken(await talk(title)) }));
  if (!touch) return [];
  return resources.map(({ path, body }) => ({ title: titleOf(path, body), run: () => touch(path, body) }));
}

/** @param lines of an answer. Throws REFUSED where it is none. */
function taken([first = '']: readonly string[]): void {
  if (first.startsWith('error:')) throw new OtjError('REFUSED', first);
}

function titleOf(path: string, body: Resource['body']): string {
  return body === undefined ? `GET ${path}` : `POST ${path} ${Object.values(body).flat().join(' ')}`;
}
