/**
 * What a device says of itself in the UPnP description that its announcement points to. Whoever announces is a stranger
 * on the network: only the very address that spoke is asked, over HTTP, briefly, for little, and nothing is followed.
 */
import { XMLParser } from 'fast-xml-parser';
import { Agent } from 'undici';
import { z } from 'zod';
import { OtjError } from '../../contract/errors.ts';
import type { Fact } from '../../contract/evidence.ts';
import { plain } from '../words.ts';

const LARGEST = 64 * 1024;
const TIMEOUT_MS = 4_000;

/** Real ones hold markup where a text belongs; what is no text is left out. */
const textSchema = z.string().optional().catch(undefined);
const deviceSchema = z.object({
  deviceType: textSchema,
  friendlyName: textSchema,
  manufacturer: textSchema,
  modelName: textSchema,
  modelNumber: textSchema,
  serialNumber: textSchema,
});
const rootSchema = z.object({ root: z.object({ device: deviceSchema }) });

/**
 * @param location as announced; @param address who announced it
 * Throws DESCRIPTION_UNFIT.
 */
export async function fetchDescription(location: string, address: string, signal: AbortSignal): Promise<Fact[]> {
  const url = fitUrl(location, address);
  const limits = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
  // No secret is sent, and devices have no certificates that anybody could check.
  const agent = new Agent({ ...limits, connect: { timeout: TIMEOUT_MS, rejectUnauthorized: false } });
  try {
    const { statusCode, body } = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    // Also a redirect: it would lead elsewhere.
    if (statusCode !== 200) throw unfit(`${url.href} answers ${statusCode}`);
    return descriptionFacts(await bounded(body));
  } catch (thrown) {
    if (thrown instanceof OtjError) throw thrown;
    throw unfit(`${url.href}: ${(thrown as Error).message}`, thrown);
  } finally {
    await agent.destroy();
  }
}

/** Throws DESCRIPTION_UNFIT. */
export function fitUrl(location: string, address: string): URL {
  const url = URL.canParse(location) ? new URL(location) : null;
  if (!url || location.length > 2_000) throw unfit('not an address of the web', undefined, location);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw unfit(`leads to ${url.protocol}`, undefined, location);
  if (url.username || url.password) throw unfit('carries a login', undefined, url.hostname);
  if (url.hostname !== address) throw unfit(`${address} points elsewhere`, undefined, url.hostname);
  return url;
}

/** Pure. Throws DESCRIPTION_UNFIT. */
export function descriptionFacts(xml: string): Fact[] {
  // No description needs one, and all that makes XML dangerous begins with it.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw unfit('it declares entities');
  let read: unknown;
  try {
    read = new XMLParser({ processEntities: false, ignoreAttributes: true, parseTagValue: false }).parse(xml);
  } catch (thrown) {
    throw unfit('it is no XML', thrown);
  }
  const parsed = rootSchema.safeParse(read);
  if (!parsed.success) throw unfit('it describes no device');
  const { deviceType, friendlyName, manufacturer, modelName, modelNumber, serialNumber } = parsed.data.root.device;
  const told = {
    type: deviceType,
    name: friendlyName,
    maker: manufacturer,
    model: modelName,
    number: modelNumber,
    serial: serialNumber,
  };
  return Object.entries(told).flatMap(([name, value]): Fact[] => {
    const words = value === undefined ? '' : plain(value);
    return words ? [{ source: 'ssdp', name, value: words }] : [];
  });
}

async function bounded(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > LARGEST) throw unfit(`it is larger than ${LARGEST / 1024} kB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function unfit(words: string, cause?: unknown, value?: string): OtjError {
  return new OtjError('DESCRIPTION_UNFIT', plain(value ? `${words}: ${value}` : words), { cause });
}
