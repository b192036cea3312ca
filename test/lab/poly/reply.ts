import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../types.ts';

export interface Reply {
  status: number;
  type: 'application/json' | 'application/xml' | 'text/html' | 'text/plain';
  text: string;
  cookies: string[];
  headers?: Record<string, string | string[]>;
  /** Nothing goes out: the connection is cut. */
  lost?: boolean;
  /** Done when the reply has left, or its connection has gone. */
  after?: () => void;
}

export function json(status: number, body: unknown): Reply {
  return { status, type: 'application/json', text: `${JSON.stringify(body)}\n`, cookies: [] };
}

export function html(text: string): Reply {
  return { status: 200, type: 'text/html', text, cookies: [] };
}

export function xml(text: string): Reply {
  return { status: 200, type: 'application/xml', text, cookies: [] };
}

/** How much of a reply goes out before the connection is cut. */
export type Cut = { bytes: number } | undefined;

/** Decides what the faults do to a reply; `dropOnce` is used up by the first request that contains its text. */
export function cutOf(faults: Faults, seen: string, reply: Reply): Cut {
  if (faults.dropOnce !== undefined && seen.includes(faults.dropOnce)) {
    delete faults.dropOnce;
    return { bytes: Math.floor(Buffer.byteLength(reply.text) / 2) };
  }
  if (faults.truncateAt !== undefined && faults.truncateAt < Buffer.byteLength(reply.text)) {
    return { bytes: faults.truncateAt };
  }
  return undefined;
}

export function send(response: ServerResponse, reply: Reply, cut: Cut): void {
  const body = Buffer.from(reply.text, 'utf8');
  if (reply.after) response.once('close', reply.after);
  if (reply.lost) {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, {
    'Content-Type': `${reply.type}; charset=utf-8`,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...reply.headers,
    ...(reply.cookies.length > 0 ? { 'Set-Cookie': reply.cookies } : {}),
  });
  if (!cut) {
    response.end(body);
    return;
  }
  // The full length has been announced, so whoever reads on learns that the rest is missing.
  response.flushHeaders();
  const part = body.subarray(0, cut.bytes);
  if (part.length === 0) response.socket?.end(() => response.socket?.destroy());
  else response.write(part, () => response.socket?.destroy());
}

export class BodyTooLarge extends Error {}

export async function readBody(request: IncomingMessage, limit = 1_000_000): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    size += part.length;
    if (size > limit) throw new BodyTooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function cookiesOf(request: IncomingMessage): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0) found.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  return found;
}
