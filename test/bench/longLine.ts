/** A line to a server of the same address that takes its time: the kernel here has no such device. */
import { connect, createServer } from 'node:net';

function noMatter(): void {}

/**
 * Bytes go out at once and come back late. A connection is made at once too, by the system: so it is the first byte that
 * waits until it would have been. Timers of one length end in the order in which they began.

 * @param line its latency, milliseconds, which may change. @param port where it begins; @param to where it ends
 */
export function longLine(
  line: { latencyMs: number },
  address: string,
  port: number,
  to: number,
  connected: () => void = noMatter,
): Promise<void> {
  const later = (action: () => void) => (line.latencyMs > 0 ? void setTimeout(action, line.latencyMs) : action());
  const server = createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    connected();
    near.on('error', noMatter);
    later(() => {
      const far = connect({ host: address, port: to, noDelay: true, allowHalfOpen: true });
      near.on('data', (bytes) => far.write(bytes));
      far.on('data', (bytes) => later(() => near.write(bytes)));
      near.on('end', () => far.end());
      far.on('end', () => later(() => near.end()));
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      near.on('close', () => far.destroy());
      near.resume();
    });
  });
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
}
