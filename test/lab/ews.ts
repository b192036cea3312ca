import type { IncomingMessage, ServerResponse } from 'node:http';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { basicOf, readBody } from './https-host.ts';
import type { LabMeeting } from './types.ts';

/**
 * The little of Exchange Web Services that a room device needs: FindItem with a CalendarView.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation
 */
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const MESSAGES = 'http://schemas.microsoft.com/exchange/services/2006/messages';
const TYPES = 'http://schemas.microsoft.com/exchange/services/2006/types';

const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false, attributeNamePrefix: '@' });
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

export interface EwsSource {
  realm: string;
  /** Mailbox of the account, or undefined when the login is wrong. */
  login(username: string, password: string): string | undefined;
  meetings(mailbox: string): LabMeeting[];
  /** A calendar was handed out. */
  served(username: string, count: number): void;
}

export async function answerEws(request: IncomingMessage, response: ServerResponse, source: EwsSource): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path.toLowerCase() !== '/ews/exchange.asmx') {
    response.writeHead(404).end();
    return;
  }
  const text = await readBody(request, 1_000_000);
  const given = basicOf(request);
  const mailbox = given && source.login(given.username, given.password);
  if (!given || !mailbox) {
    response.writeHead(401, { 'WWW-Authenticate': `Basic realm="${source.realm}"` }).end();
    return;
  }
  if (request.method !== 'POST') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body>Exchange Web Services</body></html>');
    return;
  }
  const view = calendarView(text);
  if (!view) {
    send(response, 500, { 's:Fault': { faultcode: 's:Client', faultstring: 'Only FindItem with a CalendarView.' } });
    return;
  }
  const found = source.meetings(mailbox).filter((meeting) => {
    const start = Date.parse(meeting.start);
    return start < view.end && start + meeting.minutes * 60_000 > view.start;
  });
  source.served(given.username, found.length);
  send(response, 200, findItemResponse(found));
}

/** Undefined when the request is anything else. */
function calendarView(text: string): { start: number; end: number } | undefined {
  try {
    const parsed: unknown = parser.parse(text);
    const view = at(parsed, 'Envelope', 'Body', 'FindItem', 'CalendarView');
    const start = Date.parse(String(at(view, '@StartDate')));
    const end = Date.parse(String(at(view, '@EndDate')));
    return Number.isFinite(start) && Number.isFinite(end) ? { start, end } : undefined;
  } catch {
    return undefined;
  }
}

function at(value: unknown, ...path: string[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

function findItemResponse(meetings: LabMeeting[]): Record<string, unknown> {
  const items = meetings.map((meeting) => ({
    't:ItemId': { '@Id': meeting.id, '@ChangeKey': 'DwAAABYAAAA=' },
    't:Subject': meeting.subject,
    't:Start': seconds(meeting.start),
    't:End': seconds(new Date(Date.parse(meeting.start) + meeting.minutes * 60_000).toISOString()),
    't:Location': meeting.alias,
    't:Organizer': {
      't:Mailbox': { 't:Name': meeting.organizer.name, 't:EmailAddress': meeting.organizer.email },
    },
  }));
  return {
    'm:FindItemResponse': {
      '@xmlns:m': MESSAGES,
      '@xmlns:t': TYPES,
      'm:ResponseMessages': {
        'm:FindItemResponseMessage': {
          '@ResponseClass': 'Success',
          'm:ResponseCode': 'NoError',
          'm:RootFolder': {
            '@TotalItemsInView': items.length,
            '@IncludesLastItemInRange': 'true',
            't:Items': items.length > 0 ? { 't:CalendarItem': items } : '',
          },
        },
      },
    },
  };
}

const seconds = (iso: string): string => iso.replace(/\.\d+Z$/, 'Z');

function send(response: ServerResponse, status: number, body: Record<string, unknown>): void {
  const envelope = { 's:Envelope': { '@xmlns:s': SOAP, 's:Body': body } };
  response.writeHead(status, { 'Content-Type': 'text/xml; charset=utf-8' });
  response.end(`<?xml version="1.0" encoding="utf-8"?>${builder.build(envelope)}`);
}
