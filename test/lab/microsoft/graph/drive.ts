/**
 * The library of a site: files by path, in one request or by an upload session. Source: driveitem put-content and
 * createuploadsession: fragments in order, each but the last a multiple of 320 KiB, sent to the given address without a token;
 * 202 with what is expected next; `If-Match` and `conflictBehavior` are honoured.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { LabSites } from './lists.ts';
import { fault, type Reply, type Route } from './route.ts';

const NEEDS = [
  'Sites.ReadWrite.All',
  'Sites.Manage.All',
  'Sites.FullControl.All',
  'Sites.Selected',
  'Files.ReadWrite',
  'Files.ReadWrite.All',
];
const UNIT = 320 * 1024;
const SESSIONS = '/upload/';

export interface LabFile {
  id: string;
  path: string;
  bytes: Buffer;
  version: number;
}

interface Session {
  site: string;
  path: string;
  parts: Buffer[];
  got: number;
  total: number | null;
  behavior: string;
}

export class LabDrives {
  private readonly sites: LabSites;
  private readonly files = new Map<string, LabFile>();
  private readonly sessions = new Map<string, Session>();
  /** Bytes that one PUT takes. */
  putMost = 250 * 1024 * 1024;
  /** Origin of the addresses of sessions, such as `https://127.0.0.1:8443`. */
  origin = '';
  /** Fragments of which the answer is lost after they were taken. */
  loseAnswers = 0;
  /** Fragments with which the session ends, nothing of it kept and nothing answered, as when its time has run out. */
  endSessions = 0;
  /** Fragments that are turned away for a second. */
  turnAway = 0;
  /** Writes of a file that meet another write in the same moment: nothing is done. */
  crossings = 0;
  /** Fragments that are answered with 202 and no word of what comes next. */
  untold = 0;
  /** Fragments that are answered with 202 and not kept: the same is expected next. */
  unkept = 0;
  /** Fragments that came before that second was over. */
  early = 0;
  private waitUntil = 0;

  constructor(sites: LabSites) {
    this.sites = sites;
  }

  file(siteId: string, path: string): LabFile | undefined {
    return this.files.get(keyOf(siteId, path));
  }

  get routes(): Route[] {
    const route = (method: string, pattern: string, handle: Route['handle']): Route => ({
      method,
      pattern,
      workload: 'sites',
      needs: NEEDS,
      handle: (call) => this.sites.closedTo(call, NEEDS) ?? handle(call),
    });
    const within = (params: Readonly<Record<string, string>>, work: (site: string, path: string) => Reply) =>
      this.sites.siteOf(params.site ?? '')
        ? work(params.site ?? '', params.path ?? '')
        : fault(404, 'itemNotFound', 'no such site');
    return [
      route('PUT', '/sites/{site}/drive/root:/{path*}:/content', ({ params, bytes }) =>
        within(params, (site, path) => {
          if (this.isNext('crossings'))
            return fault(409, 'resourceModified', 'The resource has changed since the caller last read it');
          if (bytes.length > this.putMost) return fault(413, 'invalidRequest', 'The file is too large');
          return this.put(site, path, bytes);
        }),
      ),
      route('POST', '/sites/{site}/drive/root:/{path*}:/createUploadSession', ({ params, body }) =>
        within(params, (site, path) => this.begin(site, path, body)),
      ),
      route('GET', '/sites/{site}/drive/root:/{path*}', ({ params }) =>
        within(params, (site, path) => {
          const file = this.file(site, path);
          return file ? { status: 200, body: this.view(site, file) } : fault(404, 'itemNotFound', 'no such file');
        }),
      ),
    ];
  }

  /** Requests to the addresses of sessions. */
  beside = async (request: IncomingMessage, bytes: Buffer): Promise<Reply | undefined> => {
    if (!request.url?.startsWith(SESSIONS)) return undefined;
    const id = request.url.slice(SESSIONS.length);
    const session = this.sessions.get(id);
    if (!session) return fault(404, 'itemNotFound', 'The upload session was not found');
    if (request.headers.authorization) return fault(401, 'unauthenticated', 'No token is taken here');
    if (request.method === 'GET') return { status: 200, body: expecting(session) };
    if (request.method === 'DELETE') return { status: this.sessions.delete(id) ? 204 : 404 };
    if (request.method !== 'PUT') return fault(405, 'invalidRequest', 'not this');
    if (performance.now() < this.waitUntil) this.early++;
    if (this.turnAway > 0) {
      this.turnAway--;
      this.waitUntil = performance.now() + 900;
      return fault(429, 'activityLimitReached', 'The request has been throttled.', { 'Retry-After': '1' });
    }
    if (this.endSessions > 0) {
      this.endSessions--;
      this.sessions.delete(id);
      request.socket.destroy();
      return { status: 404 };
    }
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(request.headers['content-range'] ?? '');
    const [from = -1, to = -1, total = -1] = range?.slice(1).map(Number) ?? [];
    if (!range || to - from + 1 !== bytes.length) return fault(400, 'invalidRequest', 'Invalid Content-Range');
    if (from !== session.got)
      return fault(416, 'invalidRange', 'Optimistic concurrency failure during fragmented upload');
    const last = to + 1 === total;
    if (!last && bytes.length % UNIT !== 0)
      return fault(400, 'invalidRequest', 'Declared fragment size is no multiple of 320 KiB');
    if (this.isNext('unkept')) return { status: 202, body: expecting(session) };
    session.total = total;
    session.parts.push(bytes);
    session.got += bytes.length;
    const reply = last
      ? this.put(session.site, session.path, Buffer.concat(session.parts))
      : { status: 202, ...(this.isNext('untold') ? {} : { body: expecting(session) }) };
    if (last) this.sessions.delete(id);
    if (this.loseAnswers > 0) {
      this.loseAnswers--;
      request.socket.destroy();
    }
    return reply;
  };

  /** Uses up one of the troubles to come. */
  private isNext(what: 'crossings' | 'untold' | 'unkept'): boolean {
    if (this[what] <= 0) return false;
    this[what]--;
    return true;
  }

  private begin(site: string, path: string, body: unknown): Reply {
    const item = (body as { item?: Record<string, unknown> } | undefined)?.item ?? {};
    const behavior = String(item['@microsoft.graph.conflictBehavior'] ?? 'fail');
    if (behavior === 'fail' && this.file(site, path)) return fault(409, 'nameAlreadyExists', 'Name already exists');
    const id = randomUUID();
    const session: Session = { site, path, parts: [], got: 0, total: null, behavior };
    this.sessions.set(id, session);
    const expirationDateTime = new Date(Date.now() + 86_400_000).toISOString();
    return {
      status: 200,
      body: { uploadUrl: `${this.origin}${SESSIONS}${id}`, expirationDateTime, ...expecting(session) },
    };
  }

  private put(site: string, path: string, bytes: Buffer): Reply {
    const before = this.file(site, path);
    const file = { id: before?.id ?? randomUUID(), path, bytes, version: (before?.version ?? 0) + 1 };
    this.files.set(keyOf(site, path), file);
    return { status: before ? 200 : 201, body: this.view(site, file) };
  }

  private view(site: string, { id, path, bytes, version }: LabFile): Record<string, unknown> {
    const name = path.split('/').at(-1) ?? '';
    const at = this.sites.siteOf(site);
    const folder = `https://${at?.host}${at?.path}/Shared%20Documents`;
    const webUrl = `${folder}/${path.split('/').map(encodeURIComponent).join('/')}`;
    const quickXorHash = createHash('sha1').update(bytes).digest('base64');
    return { id, name, size: bytes.length, eTag: `"{${id}},${version}"`, webUrl, file: { hashes: { quickXorHash } } };
  }
}

function expecting({ got }: Session): { nextExpectedRanges: string[] } {
  return { nextExpectedRanges: [`${got}-`] };
}

/** Paths of a library are the same whatever their case. */
function keyOf(site: string, path: string): string {
  return `${site}\n${path.toLowerCase()}`;
}
