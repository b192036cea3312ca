/** What a host says on a connection of its own, as far as it is needed. */
import { connect } from 'node:net';

export interface Talk {
  address: string;
  port: number;
  timeoutMs: number;
  signal: AbortSignal;
  /** Said first; nothing when left out. */
  say?: string;
  /** Longest text that is taken. */
  most: number;
  isEnough(heard: string): boolean;
}

/** Resolves with what was heard until it was enough, or there was no more. Never rejects. */
export function wordsOf({ address, port, timeoutMs, signal, say, most, isEnough }: Talk): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: address, port });
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      socket.destroy();
      resolve(heard);
    };
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    if (say !== undefined) socket.once('connect', () => void socket.write(say));
    socket.setEncoding('latin1').on('data', (piece: string) => {
      heard += piece;
      if (heard.length > most || isEnough(heard)) end();
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}
