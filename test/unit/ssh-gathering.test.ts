import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gathering } from '../../main/endpoints/transports/ssh/socket.ts';

describe('a socket that gathers', () => {
  const server = createServer((socket) => socket.pipe(socket));
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  it('holds what is written in one turn and sends it in order, though Node takes the change back at connect', async () => {
    const { port } = server.address() as AddressInfo;
    const socket = new Socket();
    socket.connect({ host: '127.0.0.1', port });
    gathering(socket);
    await once(socket, 'connect');

    for (const piece of ['one ', 'two ', 'three']) socket.write(piece);
    expect(socket.writableCorked).toBe(1);
    expect(socket.writableLength).toBe('one two three'.length);
    await Promise.resolve();
    expect(socket.writableCorked).toBe(0);

    let heard = '';
    for await (const piece of socket.setEncoding('latin1')) {
      heard += piece;
      if (heard.length >= 'one two three'.length) break;
    }
    expect(heard).toBe('one two three');
    socket.destroy();
  });
});
