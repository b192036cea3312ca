/** Files in the library of a SharePoint site, by path: the same path is the same file, so that repeating is harmless. */
import { z } from 'zod';
import { OtjError } from '../../contract/errors.ts';
import type { HttpReply } from '../../endpoints/transports/http.ts';
import { pause, retryAfterMs } from '../../endpoints/transports/wait.ts';
import type { Graph } from '../graph/graph.ts';
import { type Link, openLink } from '../graph/link.ts';
import { segment } from '../graph/odata.ts';
import { backoffMs } from '../graph/pace.ts';
import * as reading from '../graph/reading.ts';
import { LIMITS, SCOPES } from './columns.ts';

export interface Upload {
  siteId: string;
  /** Below the library's root, such as `OTJ migration/oslo-report.html`. */
  path: string;
  bytes: Uint8Array;
  type: string;
  /** Bytes that go in one request; more go by an upload session. */
  putMost?: number;
  /** Authorities in PEM that are trusted besides the system's, for the address of a session. */
  ca: string | null;
}

/** Tries of one fragment; between them the session is asked what it has. */
const TRIES = 4;
/** Writes of one file that meet another write in the same moment, such as of a person who has it open. */
const CROSSINGS = 4;
/** Milliseconds before such a write is sent again, doubled with each. */
const CROSSED_MS = 200;
/** Sessions for one file: one that has gone is no proof that the file is whole, and another does no harm. */
const SESSIONS = 3;
/** Milliseconds before the second try, doubled with each, where the server names no time. */
const RETRY_MS = 1_000;
/** Milliseconds: for longer nobody is held up; the file stays owed. */
const LONGEST_WAIT_MS = 120_000;

const fileSchema = z.looseObject({ webUrl: reading.text });
const sessionSchema = z.looseObject({ uploadUrl: z.string() });
const expectingSchema = z.looseObject({ nextExpectedRanges: reading.texts });

/**
 * @returns where people find it; null where the answer did not tell
 * @throws OtjError RESULTS_SITE_MISSING, and what Graph throws
 */
export async function uploadFile(graph: Graph, upload: Upload, signal?: AbortSignal): Promise<string | null> {
  const { siteId, path, bytes, type, putMost = LIMITS.putMost.value } = upload;
  const at = `/sites/${siteId.split(',').map(segment).join(',')}/drive/root:/${path.split('/').map(segment).join('/')}:`;
  try {
    if (bytes.length > putMost) {
      for (let tries = 0; tries < SESSIONS; tries++) {
        const sent = await bySession(graph, at, upload, signal);
        if (sent) return sent.url;
      }
      throw new OtjError('M365_UNREACHABLE', 'the session of an upload ended again and again before it was answered');
    }
    const headers = { 'Content-Type': type };
    for (let tries = 1; ; tries++) {
      try {
        const request = { method: 'PUT', path: `${at}/content`, body: bytes, headers, scopes: SCOPES.files } as const;
        return urlIn((await graph.ask(request, signal)).body);
      } catch (thrown) {
        if (!(thrown instanceof OtjError) || thrown.code !== 'M365_CHANGED' || tries >= CROSSINGS) throw thrown;
        await pause(backoffMs(tries - 1, CROSSED_MS), signal);
      }
    }
  } catch (thrown) {
    if (thrown instanceof OtjError && thrown.code === 'M365_NOT_FOUND')
      throw new OtjError('RESULTS_SITE_MISSING', thrown.words, { cause: thrown });
    throw thrown;
  }
}

/** @returns null = the session is gone, and nobody knows what became of the file */
async function bySession(
  graph: Graph,
  at: string,
  { bytes, ca }: Upload,
  signal?: AbortSignal,
): Promise<{ url: string | null } | null> {
  const { body } = await graph.ask(
    {
      method: 'POST',
      path: `${at}/createUploadSession`,
      body: { item: { '@microsoft.graph.conflictBehavior': 'replace' } },
      scopes: SCOPES.files,
      // A session that nobody uses ends by itself.
      repeatable: true,
    },
    signal,
  );
  const session = sessionSchema.safeParse(body);
  const url = session.success ? URL.parse(session.data.uploadUrl) : null;
  if (url?.protocol !== 'https:') throw new OtjError('M365_ODD', 'no address for the upload');
  const link = openLink(ca);
  try {
    return await sendAll(link, url, bytes, signal);
  } finally {
    await link.close();
  }
}

/**
 * The address of a session is a secret of its own: it takes no token, and whoever has it may write. It is in no message.
 * @returns null = the session is gone
 */
async function sendAll(
  link: Link,
  url: URL,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<{ url: string | null } | null> {
  let tries = 0;
  let furthest = 0;
  for (let from = 0; ; ) {
    if (signal?.aborted) throw new OtjError('CANCELLED');
    const to = Math.min(from + LIMITS.sliceBytes.value, bytes.length);
    const slice = bytes.subarray(from, to);
    const range = `bytes ${from}-${to - 1}/${bytes.length}`;
    const headers = { 'content-range': range, 'content-type': 'application/octet-stream' };
    const sent = { method: 'PUT', headers, body: slice, ...(signal ? { signal } : {}) } as const;
    const reply = await link.send(url, sent).catch((thrown: unknown) => {
      if (signal?.aborted || ++tries >= TRIES) throw signal?.aborted ? thrown : lost(thrown);
      return null;
    });
    if (reply && (reply.status === 200 || reply.status === 201)) return { url: urlIn(jsonOf(reply.text)) };
    // another write has ended what this session began
    if (reply?.status === 404 || reply?.status === 409) return null;
    if (reply && reply.status !== 202 && reply.status !== 416 && reply.status < 500 && reply.status !== 429)
      throw new OtjError('M365_REFUSED', `HTTP ${reply.status} to a fragment of an upload`);
    if (reply?.status === 202) {
      const told = expectedIn(reply.text);
      const after = told ?? to;
      if (after > furthest) {
        furthest = after;
        tries = 0;
      } else if (++tries >= TRIES) throw new OtjError('M365_ODD', `an upload does not go on at byte ${after}`);
      // all is there, and nothing said what became of it: the session knows
      if (after < bytes.length) {
        from = after;
        continue;
      }
    } else if (reply && ++tries >= TRIES)
      throw new OtjError('M365_UNREACHABLE', `HTTP ${reply.status} to a fragment of an upload`);
    if (reply?.status !== 416 && reply?.status !== 202) await wait(reply, tries, signal);
    const next = await expected(link, url, bytes.length, signal);
    if (next === 'gone') return null;
    from = next ?? from;
  }
}

/** As long as the server has named. Throws M365_UNREACHABLE when that is too long, CANCELLED. */
async function wait(reply: HttpReply | null, tries: number, signal?: AbortSignal): Promise<void> {
  const named = retryAfterMs(reply?.headers['retry-after']);
  const ms = named ?? RETRY_MS * 2 ** (tries - 1);
  if (ms > LONGEST_WAIT_MS)
    throw new OtjError('M365_UNREACHABLE', `the server wants an upload to wait for ${Math.ceil(ms / 1000)} seconds`);
  await pause(ms, signal);
}

/** Where a session goes on after a lost answer; `gone` = it has ended, with its last fragment or without. */
async function expected(link: Link, url: URL, length: number, signal?: AbortSignal): Promise<number | 'gone' | null> {
  const reply = await link.send(url, { method: 'GET', ...(signal ? { signal } : {}) }).catch(() => null);
  if (reply?.status === 404) return 'gone';
  const next = reply && expectedIn(reply.text);
  return next !== null && next >= length ? 'gone' : next;
}

function expectedIn(text: string): number | null {
  const read = expectingSchema.safeParse(jsonOf(text)).data;
  const from = Number.parseInt(read?.nextExpectedRanges[0] ?? '', 10);
  return Number.isSafeInteger(from) && from >= 0 ? from : null;
}

function urlIn(body: unknown): string | null {
  const url = fileSchema.safeParse(body).data?.webUrl;
  return url?.startsWith('https://') ? url : null;
}

function lost(thrown: unknown): OtjError {
  const words = thrown instanceof OtjError ? thrown.code : '';
  return new OtjError('M365_UNREACHABLE', `an upload was cut off: ${words}`, { cause: thrown });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
