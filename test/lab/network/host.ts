/** One simulated host: real sockets on its own address, and a count of whatever could be a login. */
import { createSocket, type Socket as Udp } from 'node:dgram';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { generate } from 'selfsigned';
import type { HostKind, Web } from './kinds.ts';

export interface Ports {
  https: number;
  ssh: number;
  http: number;
  sip: number;
}

export interface HostOptions {
  address: string;
  ports: Ports;
  /** The way there and back, made before each first word and each answer, milliseconds. */
  rttMs: number;
  /** Called with what somebody did that could count as a login. */
  suspicious(what: string): void;
}

const certificates = new Map<string, Promise<{ key: string; cert: string }>>();

/** One for each kind: hundreds of devices are made in one process. */
function certificateOf(subject: string): Promise<{ key: string; cert: string }> {
  let made = certificates.get(subject);
  if (!made) {
    made = generate([{ name: 'commonName', value: subject }], {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
    }).then(({ private: key, cert }) => ({ key, cert }));
    certificates.set(subject, made);
  }
  return made;
}

export class Host {
  private readonly kind: HostKind;
  private readonly options: HostOptions;
  private readonly servers: Server[] = [];
  private readonly udp: Udp[] = [];
  private readonly sockets = new Set<Socket>();

  constructor(kind: HostKind, options: HostOptions) {
    this.kind = kind;
    this.options = options;
  }

  async start(): Promise<void> {
    const { https, http, ssh, sip } = this.kind;
    const { ports, rttMs } = this.options;
    if (https) {
      const inner = createHttps({ ...(await certificateOf(https.subject)) }, (ask, answer) =>
        this.serve(https, ask, answer),
      );
      inner.on('tlsClientError', () => undefined);
      await this.listen(ports.https, (socket) => inner.emit('connection', socket));
    }
    if (http) {
      const inner = createHttp((ask, answer) => this.serve(http, ask, answer));
      await this.listen(ports.http, (socket) => inner.emit('connection', socket));
    }
    if (ssh)
      await this.listen(ports.ssh, (socket) => {
        socket.write(`${ssh}\r\n`);
        socket.on('data', () => this.options.suspicious('spoke to the SSH server'));
      });
    if (sip?.over === 'tcp')
      await this.listen(ports.sip, (socket) => {
        socket.on('data', (words) => setTimeout(() => socket.write(this.sipAnswer(words, sip.agent)), rttMs));
      });
    if (sip?.over === 'udp') await this.answerSip(sip.agent);
  }

  stop(): void {
    for (const server of this.servers) server.close();
    for (const socket of this.sockets) socket.destroy();
    for (const socket of this.udp) socket.close();
  }

  private serve({ server, pages }: Web, ask: IncomingMessage, answer: ServerResponse): void {
    if (ask.headers.authorization || ask.headers.cookie) this.options.suspicious('sent a login over HTTP');
    if (ask.method !== 'GET') this.options.suspicious(`sent ${ask.method} over HTTP`);
    const path = (ask.url ?? '/').split('?')[0] ?? '/';
    const { status, headers = {}, body = '' } = pages[path] ?? pages['*'] ?? { status: 404 };
    setTimeout(() => {
      answer.writeHead(status, {
        ...(server ? { server } : {}),
        ...headers,
        'content-length': Buffer.byteLength(body),
      });
      answer.end(body);
    }, this.options.rttMs);
  }

  private listen(port: number, take: (socket: Socket) => void): Promise<void> {
    const { address, rttMs } = this.options;
    const server = createServer({ noDelay: true }, (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
      if (rttMs > 0) setTimeout(() => socket.destroyed || take(socket), rttMs);
      else take(socket);
    });
    this.servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, backlog: 64 }, () => resolve());
    });
  }

  private answerSip(agent: string): Promise<void> {
    const { address, ports, rttMs } = this.options;
    const socket = createSocket('udp4');
    this.udp.push(socket);
    socket.on('message', (words, { address: from, port }) => {
      setTimeout(() => socket.send(this.sipAnswer(words, agent), port, from), rttMs);
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(ports.sip, address, () => resolve());
    });
  }

  /** As RFC 3261 8.2.6 has it: Via, From, To, Call-ID and CSeq of the question. */
  private sipAnswer(words: Buffer, agent: string): string {
    const text = words.toString('latin1');
    if (!text.startsWith('OPTIONS ')) this.options.suspicious(`sent ${text.split(' ')[0]} over SIP`);
    const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap(
      (name) => new RegExp(`^${name}:.*$`, 'im').exec(text)?.[0] ?? [],
    );
    return [
      'SIP/2.0 200 OK',
      ...copied.map((line) => line.trim()),
      `Server: ${agent}`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
  }
}
