/** Answers that are right in themselves and go out wrong: what a web server, or something in front of it, may do to them. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { BadHttp } from '../types.ts';
import { inPieces } from './delivery.ts';

interface Answer {
  status: number;
  head: OutgoingHttpHeaders;
  bytes: Buffer;
}

const NOISE = Buffer.from('upstream: worker 3 was restarted\r\n');
/** Pieces of a slow answer, and the pause behind each, milliseconds. */
const SLOW = { pieces: 8, everyMs: 2 };

const used = new WeakSet<Socket>();

/** Whether this connection has had its one request; it is closed then. */
export function hangUpOnKept(socket: Socket): boolean {
  if (!used.has(socket)) {
    used.add(socket);
    return false;
  }
  socket.destroy();
  return true;
}

export function answerBadly(response: ServerResponse, { status, head, bytes }: Answer, how: BadHttp): void {
  const { 'content-length': _length, ...others } = head;
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  switch (how) {
    case 'slow':
      response.writeHead(status, head);
      void trickle(response, bytes);
      return;
    case 'noise':
      response.writeHead(status, { ...head, 'content-length': NOISE.length + bytes.length });
      response.end(Buffer.concat([NOISE, bytes]));
      return;
    case 'too-long':
      response.writeHead(status, { ...head, 'content-length': bytes.length + 100 });
      response.write(bytes);
      response.socket?.destroySoon();
      return;
    case 'too-short':
      response.writeHead(status, { ...head, 'content-length': half.length });
      response.end(bytes);
      return;
    case 'unended':
      // Without a length the body goes out in chunks.
      response.writeHead(status, others);
      response.write(half);
      response.socket?.destroySoon();
      return;
    case 'closed':
      response.writeHead(status, { ...head, connection: 'keep-alive' });
      response.end(bytes);
  }
}

async function trickle(response: ServerResponse, bytes: Buffer): Promise<void> {
  for (const piece of inPieces(bytes, Math.ceil(bytes.length / SLOW.pieces))) {
    if (response.destroyed) return;
    response.write(piece);
    await pause(SLOW.everyMs);
  }
  response.end();
}
