/** One TCP connection attempt, nothing sent. */
import { connect, type Socket } from 'node:net';
import { afterNews } from './afterNews.ts';

/**
 * - `open`, `refused`: somebody is there
 * - `silent`: no answer in time, or a router says that nobody is there
 * - `no-route`: this computer has no way there at the moment
 * - `no-more`: the operating system has no more sockets, buffers or ports
 */
export type Knock = { answer: 'open' | 'refused' | 'silent' | 'no-route' | 'no-more' | 'cancelled'; ms: number };

const ANSWERS: Readonly<Record<string, Knock['answer']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  ENETUNREACH: 'no-route',
  ENETDOWN: 'no-route',
  EADDRNOTAVAIL: 'no-more',
  EMFILE: 'no-more',
  ENFILE: 'no-more',
  ENOBUFS: 'no-more',
  ENOMEM: 'no-more',
  EAGAIN: 'no-more',
};

/** Sockets that are open now, so that a stop ends them at once. */
export type OpenSockets = Set<Socket>;

/** Never rejects. */
export function knock(address: string, port: number, timeoutMs: number, open: OpenSockets): Promise<Knock> {
  const { promise, resolve } = Promise.withResolvers<Knock>();
  const began = performance.now();
  const socket = connect({ host: address, port });
  const end = (answer: Knock['answer']) => {
    clearTimeout(timer);
    open.delete(socket);
    socket.destroy();
    resolve({ answer, ms: performance.now() - began });
  };
  const timer = setTimeout(afterNews, timeoutMs, () => end('silent'));
  open.add(socket);
  socket.once('connect', () => end('open'));
  socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => end(ANSWERS[code] ?? 'silent'));
  socket.once('close', () => end('cancelled'));
  return promise;
}
