import { type RequestOptions, request } from 'node:https';
import { isIP } from 'node:net';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';

/**
 * The device's side of Exchange Web Services: one FindItem with a CalendarView, Basic authentication.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation
 */
export interface Meeting {
  id: string;
  subject: string;
  organizer: string;
  location: string;
  /** As the server wrote them. */
  start: string;
  end: string;
}

export type Pull =
  | { kind: 'meetings'; meetings: Meeting[] }
  /** 401. */
  | { kind: 'unauthorised' }
  /** Logged in, but the server gives no calendar. */
  | { kind: 'refused'; why: string }
  /** Somebody answered, but not as an Exchange server does. */
  | { kind: 'odd'; why: string }
  | { kind: 'unreachable'; why: string };

export interface PullTarget {
  /** As configured: goes into the Host header and the TLS server name. */
  host: string;
  at: { address: string; port: number };
  path: string;
  mailbox: string;
  authorization: string;
  validatePeer: boolean;
  ca: string;
  timeoutMs: number;
  signal: AbortSignal;
}

const LIMIT = 5_000_000;
const HOUR = 3_600_000;

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  isArray: (name) => name === 'CalendarItem',
});
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

export async function pullMeetings(target: PullTarget): Promise<Pull> {
  let answer: { status: number; text: string };
  try {
    answer = await post(target, findItem(target.mailbox, Date.now()));
  } catch (error) {
    return { kind: 'unreachable', why: error instanceof Error ? error.message : String(error) };
  }
  if (answer.status === 401) return { kind: 'unauthorised' };
  if (answer.status !== 200) return { kind: 'odd', why: `HTTP ${answer.status}` };
  return parseFindItem(answer.text);
}

function post(target: PullTarget, body: string): Promise<{ status: number; text: string }> {
  const options: RequestOptions = {
    host: target.at.address,
    port: target.at.port,
    servername: isIP(target.host) ? '' : target.host,
    method: 'POST',
    path: target.path,
    headers: {
      Host: target.host,
      Authorization: target.authorization,
      'Content-Type': 'text/xml; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    },
    // A device as delivered does not check the server: sec.TLS.cert.validatePeer.enable is off.
    rejectUnauthorized: target.validatePeer,
    ...(target.validatePeer && target.ca !== '' ? { ca: target.ca } : {}),
    agent: false,
    signal: AbortSignal.any([target.signal, AbortSignal.timeout(target.timeoutMs)]),
  };
  return new Promise((resolve, reject) => {
    const call = request(options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LIMIT) call.destroy(new Error('answer too large'));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

function findItem(mailbox: string, now: number): string {
  const at = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
  const envelope = {
    's:Envelope': {
      '@xmlns:s': 'http://schemas.xmlsoap.org/soap/envelope/',
      '@xmlns:m': 'http://schemas.microsoft.com/exchange/services/2006/messages',
      '@xmlns:t': 'http://schemas.microsoft.com/exchange/services/2006/types',
      's:Header': { 't:RequestServerVersion': { '@Version': 'Exchange2010_SP2' } },
      's:Body': {
        'm:FindItem': {
          '@Traversal': 'Shallow',
          'm:ItemShape': { 't:BaseShape': 'AllProperties' },
          'm:CalendarView': { '@StartDate': at(now - 12 * HOUR), '@EndDate': at(now + 7 * 24 * HOUR) },
          'm:ParentFolderIds': {
            't:DistinguishedFolderId': { '@Id': 'calendar', 't:Mailbox': { 't:EmailAddress': mailbox } },
          },
        },
      },
    },
  };
  return `<?xml version="1.0" encoding="utf-8"?>${builder.build(envelope)}`;
}

function parseFindItem(text: string): Pull {
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch {
    return { kind: 'odd', why: 'not XML' };
  }
  const messages = at(parsed, 'Envelope', 'Body', 'FindItemResponse', 'ResponseMessages');
  const message = at(messages, 'FindItemResponseMessage');
  if (message === undefined) return { kind: 'odd', why: 'no FindItemResponseMessage' };
  if (at(message, '@ResponseClass') !== 'Success') return { kind: 'refused', why: words(at(message, 'ResponseCode')) };
  const items = at(message, 'RootFolder', 'Items', 'CalendarItem');
  return { kind: 'meetings', meetings: Array.isArray(items) ? items.map(meeting) : [] };
}

function meeting(item: unknown): Meeting {
  return {
    id: words(at(item, 'ItemId', '@Id')),
    subject: words(at(item, 'Subject')),
    organizer: words(at(item, 'Organizer', 'Mailbox', 'Name')),
    location: words(at(item, 'Location')),
    start: words(at(item, 'Start')),
    end: words(at(item, 'End')),
  };
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');

function at(value: unknown, ...path: string[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}
