/** A place of the tenant as Graph tells it, and the requests for it. */
import { z } from 'zod';
import table from '../../../assets/microsoft/places.json' with { type: 'json' };
import { OtjError } from '../../contract/errors.ts';
import { type PlaceDevice, type PlacesSettings, placeDeviceSchema } from '../../contract/microsoft/places.ts';
import { segment } from '../graph/odata.ts';
import { plain } from '../graph/problems.ts';
import type { Graph, GraphRequest } from '../graph/request.ts';

/** What is written, and what is assumed of its lengths. */
const TABLE = z
  .object({
    type: z.object({ name: z.string() }),
    devices: z.array(z.object({ name: placeDeviceSchema })),
    limits: z.object({ deviceName: z.number() }),
    usualTags: z.array(z.string()),
  })
  .parse(table);
/** One permission for reading and writing: it is asked for only where places are written. */
export const SCOPES = ['Place.ReadWrite.All'] as const;
/** More rooms than any tenant has. */
const MOST_PLACES = 200_000;

/** What is proposed where it is switched on. */
export const USUAL: PlacesSettings = { devices: ['videoDeviceName'], tags: TABLE.usualTags };

export interface PlaceNow {
  id: string;
  mailbox: string;
  devices: Record<PlaceDevice, string | null>;
  tags: string[];
}

const text = z
  .string()
  .nullish()
  .transform((one) => one || null);
const placeSchema = z.looseObject({
  id: z.string().min(1),
  emailAddress: z.string().min(1),
  videoDeviceName: text,
  audioDeviceName: text,
  displayDeviceName: text,
  tags: z
    .array(z.string())
    .nullish()
    .transform((all) => all ?? []),
});

/** null = it is none that can be written to. */
export function readPlace(told: unknown): PlaceNow | null {
  const place = placeSchema.safeParse(told).data;
  if (!place) return null;
  const { id, emailAddress, videoDeviceName, audioDeviceName, displayDeviceName, tags } = place;
  return { id, mailbox: emailAddress, devices: { videoDeviceName, audioDeviceName, displayDeviceName }, tags };
}

/** All rooms that the tenant lists, by their address in lower case. Throws what Graph throws. */
export async function readAll(graph: Graph, signal: AbortSignal): Promise<Map<string, PlaceNow>> {
  const places = new Map<string, PlaceNow>();
  const request: GraphRequest = { method: 'GET', path: '/places/microsoft.graph.room', scopes: SCOPES };
  for await (const one of graph.pages<unknown>(request, signal)) {
    const place = readPlace(one);
    if (place) places.set(place.mailbox.toLowerCase(), place);
    if (places.size > MOST_PLACES) throw new OtjError('M365_ODD', 'the list of rooms does not end');
  }
  return places;
}

export function askPlace(id: string): GraphRequest {
  return { method: 'GET', path: `/places/${segment(id)}`, scopes: SCOPES };
}

/**
 * Only what changes; the kind of place has to be named.
 * The same again does no harm, but over a reply that got lost a person's tag could be lost too: so it is looked at first.
 */
export function changePlace(id: string, values: PlaceValues): GraphRequest {
  const body = { '@odata.type': TABLE.type.name, ...values };
  return { method: 'PATCH', path: `/places/${segment(id)}`, body, scopes: SCOPES, repeatable: false };
}

export type PlaceValues = Partial<Record<PlaceDevice, string | null>> & { tags?: string[] };

/** Whether the place has these values by now; other tags may have come meanwhile. */
export function has(
  { devices, tags }: PlaceNow,
  { tags: wanted, ...values }: PlaceValues,
  gone: readonly string[],
): boolean {
  const isSame = Object.entries(values).every(([name, value]) => devices[name as PlaceDevice] === value);
  return isSame && (wanted ?? []).every((tag) => hasTag(tags, tag)) && !gone.some((tag) => hasTag(tags, tag));
}

/** Tags that differ only in the case of their letters are one. */
export function hasTag(tags: readonly string[], tag: string): boolean {
  return tags.some((one) => one.normalize('NFC').toLowerCase() === tag.normalize('NFC').toLowerCase());
}

/** The device's model as a place may have it: one line, and no longer than is known to fit. */
export function deviceName(model: string): string {
  return plain(model.replaceAll(/\s+/g, ' '), TABLE.limits.deviceName).replaceAll(/ +/g, ' ');
}
