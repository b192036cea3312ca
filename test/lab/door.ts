/** A listening port that can open, close and hang while the device lives. */
import { createServer, type Server, type Socket } from 'node:net';
import { atItsEnd, type Line } from './line.ts';

export class Door {
  readonly #address: string;
  readonly #port: number;
  readonly #hung: () => boolean;
  readonly #take: (socket: Socket) => void;
  readonly #line: Line | undefined;
  /** Each with what the device has of it. */
  readonly #sockets = new Map<Socket, Socket>();
  #server: Server | undefined;
  /** Changes one after the other, since opening and closing take time. */
  #changes: Promise<void> = Promise.resolve();

  /** @param line by which it is reached; without one it is right here */
  constructor(address: string, port: number, hung: () => boolean, take: (socket: Socket) => void, line?: Line) {
    this.#address = address;
    this.#port = port;
    this.#hung = hung;
    this.#take = take;
    this.#line = line;
  }

  /** Settles when the port is in that state; a failure to listen rejects. */
  setOpen(open: boolean): Promise<void> {
    const change = this.#changes.then(() => (open ? this.#open() : this.#close()));
    this.#changes = change.catch(() => {});
    return change;
  }

  destroySockets(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  /** The other end of a connection, by where it comes from. */
  find(address: string, port: number): Socket | undefined {
    return this.#sockets.values().find((one) => one.remoteAddress === address && one.remotePort === port);
  }

  #open(): Promise<void> {
    if (this.#server) return Promise.resolve();
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.#address, port: this.#port, exclusive: true }, () => {
        server.off('error', reject);
        this.#server = server;
        resolve();
      });
    });
  }

  /** Connections that are open stay so; net.Server stops listening at once. */
  #close(): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
    return Promise.resolve();
  }

  #accept(socket: Socket): void {
    this.#sockets.set(socket, socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    if (this.#hung()) socket.resume();
    else
      atItsEnd(socket, this.#line, (end) => {
        if (this.#sockets.has(socket)) this.#sockets.set(socket, end);
        this.#take(end);
      });
  }
}
