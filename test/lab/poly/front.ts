import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { atItsEnd, type Line } from '../line.ts';
import type { Certificate } from './certificate.ts';

const RELISTEN_MS = 200;

/**
 * The device's door. A plain TCP listener hands its connections to an HTTPS server that never listens itself, so that
 * a hung device accepts without even starting TLS, and being off or rebooting only closes the listener.
 */
export class Front {
  readonly #certificate: () => Promise<Certificate>;
  readonly #onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** Made with its certificate at the first connection: hundreds of idle devices should cost little. */
  #https: Promise<HttpsServer> | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #address: string;
  readonly #line: Line | undefined;
  #port: number;
  #listener: Server | undefined;
  #hung = false;

  constructor(options: {
    address: string;
    port: number;
    /** By which it is reached; without one it is right here. */
    line: Line | undefined;
    /** Asked for when somebody wants to see one, and again after `forgetCertificate`. */
    certificate: () => Promise<Certificate>;
    onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  }) {
    this.#address = options.address;
    this.#port = options.port;
    this.#line = options.line;
    this.#certificate = options.certificate;
    this.#onRequest = options.onRequest;
  }

  /** The real one, once it has been open. */
  get port(): number {
    return this.#port;
  }

  /** Whoever waits when a hung device recovers has lost the connection. */
  set hung(hung: boolean) {
    if (this.#hung && !hung) this.#cut();
    this.#hung = hung;
  }

  /** Connections made from now on see another one. */
  forgetCertificate(): void {
    this.#https = undefined;
  }

  /** Opens the port; the promise rejects when that fails. */
  open(): Promise<void> {
    if (this.#listener) return Promise.resolve();
    const listener = createServer((socket) => this.#accept(socket));
    this.#listener = listener;
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        if (this.#listener === listener) this.#listener = undefined;
        reject(error);
      };
      listener.once('error', failed);
      listener.listen({ host: this.#address, port: this.#port, backlog: 511 }, () => {
        listener.off('error', failed);
        listener.on('error', () => {});
        const bound = listener.address();
        if (bound && typeof bound === 'object') this.#port = bound.port;
        resolve();
      });
    });
  }

  /** Opens the port again after an outage; an outgoing connection may hold the port for a moment, hence the repeats. */
  reopen(wanted: () => boolean): void {
    if (!wanted()) return;
    this.open().catch(() => {
      setTimeout(() => this.reopen(wanted), RELISTEN_MS).unref();
    });
  }

  /** Refuses from now on and cuts what is open. */
  close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    const closed = new Promise<void>((resolve) => {
      if (listener) listener.close(() => resolve());
      else resolve();
    });
    this.#cut();
    return closed;
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    if (this.#hung) return;
    this.#https ??= this.#server();
    this.#https.then(
      (server) => atItsEnd(socket, this.#line, (end) => server.emit('connection', end)),
      () => socket.destroy(),
    );
  }

  async #server(): Promise<HttpsServer> {
    const server = createHttps({ ...(await this.#certificate()), keepAliveTimeout: 15_000 }, this.#onRequest);
    server.on('tlsClientError', () => {});
    return server;
  }
}
