/** One round trip of a line and nothing else: a server at its end that sends back what it gets. */
import { createServer } from 'node:net';
import { atItsEnd, type Line } from '../lab/line.ts';

/** @param line whose latency is this one's too; whoever connects here has not connected to a device */
export function startEcho(line: Line, { address, port }: { address: string; port: number }): Promise<void> {
  const own: Line = {
    get latencyMs() {
      return line.latencyMs;
    },
    connected: () => undefined,
  };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    atItsEnd(socket, own, (end) => void end.pipe(end));
  });
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
}
