import { createServer as createHttp, type Server } from 'node:http';
import { Door } from '../door.ts';
import type { LabDevice, PolyOldSpec, World } from '../types.ts';
import { Appliance, type Asked } from './appliance.ts';
import { Digest } from './digest.ts';
import { html, type Reply, xml } from './reply.ts';

/** HDX and Debut: enough to be recognised by, and no calendar. */
export async function startPolyOld(spec: PolyOldSpec, world: World): Promise<LabDevice> {
  const device = new OldDevice(spec, world);
  await device.start();
  return device;
}

const REALM = 'Polycom';

class OldDevice extends Appliance<PolyOldSpec> {
  readonly #digest = new Digest(REALM);
  readonly #http: Door | undefined;
  #server: Server | undefined;
  /** Requests that only somebody with a login has a reason for. */
  readonly #commands: string[] = [];

  constructor(spec: PolyOldSpec, world: World) {
    super(spec, world);
    if (spec.httpPort !== undefined) {
      this.#http = new Door(
        spec.address,
        spec.httpPort,
        () => this.faults.hung === true,
        (socket) => {
          this.#server ??= createHttp((request, response) => void this.serve(request, response));
          this.#server.emit('connection', socket);
        },
      );
    }
  }

  snapshot(): Record<string, unknown> {
    const { kind, model, serial, mac, software } = this.given;
    return { kind, model, serial, mac, software, commands: [...this.#commands] };
  }

  protected override doors(): { door: Door; open: boolean }[] {
    return this.#http ? [{ door: this.#http, open: true }] : [];
  }

  protected isApi(path: string): boolean {
    return path.startsWith('/a_');
  }

  protected answer(asked: Asked): Reply {
    const reply = this.given.kind === 'poly-hdx' ? this.#hdx(asked) : debut(asked);
    // Public rules for older units go by this word.
    const server = this.given.kind === 'poly-hdx' ? { Server: 'Viavideo-Web' } : {};
    return { ...reply, headers: { ...server, ...reply.headers } };
  }

  #hdx({ method, path, text, request }: Asked): Reply {
    if (path === '/') return html('<html><head><title>Polycom HDX</title></head><body>Polycom</body></html>');
    const command = method === 'POST' && path === '/a_apicommand.cgi';
    if (!command && path !== '/systemstatus.xml') return { ...html('<title>404 Not Found</title>'), status: 404 };
    const header = request.headers.authorization ?? '';
    if (this.#digest.judge(header, method, this.given.admin) !== 'right') {
      const headers = { 'WWW-Authenticate': this.#digest.challenge() };
      return { ...html('<title>401 Unauthorized</title>'), status: 401, headers };
    }
    if (!command) return xml('<?xml version="1.0"?><systemstatus></systemstatus>');
    const asked = (new URLSearchParams(text).get('apicommand') ?? '').split(';').filter((one) => one !== '');
    this.#commands.push(...asked);
    const done = asked.map((one) => this.#command(one)).join('');
    return xml(`<?xml version="1.0"?><apicommands><apicommand>${done}</apicommand></apicommands>`);
  }

  #command(one: string): string {
    const said: Readonly<Record<string, string>> = {
      'systemname get': `systemname "${this.given.systemName}"`,
      serialnum: `serialnum ${this.given.serial}`,
      version: `version "${this.given.software}"`,
    };
    const result = said[one];
    const escaped = (result ?? 'error: command not found').replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);
    return `<command status="${result === undefined ? 'error' : 'success'}"><result>${escaped}</result></command>`;
  }
}

/** Nothing is known of it but its maker and name. */
function debut({ path }: Asked): Reply {
  if (path === '/') return html('<html><head><title>Polycom RealPresence Debut</title></head><body></body></html>');
  return { ...html('<title>404 Not Found</title>'), status: 404 };
}
