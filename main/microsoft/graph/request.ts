/** What is asked of Graph and what it answers: the port that the rest of the app sees. */
import type { OtjError } from '../../contract/errors.ts';

export interface GraphAnswer<T = unknown> {
  status: number;
  /** Null where there was no body. */
  body: T;
  etag: string | null;
  /** Microsoft's own id of the request, for its support. */
  requestId: string | null;
}

export interface GraphRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** After `/v1.0`, starts with `/`; encoded, see odata.ts. */
  path: string;
  /** Sent as JSON; bytes are sent as they are and need a `content-type` among the headers. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Short names such as `Place.Read.All`. */
  scopes: readonly string[];
  /**
   * Whether it may be sent again when nobody knows if it was done (a lost reply, a 500 or 504). Absent: yes, unless it is a POST or
   * has an `If-Match`. A refusal for the rate (429, 503) was not done and is repeated whatever stands here.
   */
  repeatable?: boolean;
  /** In a batch it goes before what waits already, because more depends on it. */
  urgent?: boolean;
}

/**
 * Every call may throw OtjError M365_SIGN_IN_NEEDED, M365_CONSENT_NEEDED, M365_FORBIDDEN, M365_NOT_FOUND, M365_CHANGED (412, or
 * a 409 because somebody wrote at the same time), M365_REFUSED, M365_BUSY (asked to wait longer than we do; when, is in its words),
 * M365_UNREACHABLE (no answer, or 502 to 504), M365_FAILED (an error of its own, such as a 500), M365_UNCERTAIN (a write that may
 * have been done), M365_ODD, M365_PORTAL, M365_UNTRUSTED or CANCELLED. With M365_UNREACHABLE and M365_FAILED nothing was done that
 * may not be repeated.
 */
export interface Graph {
  ask<T>(request: GraphRequest, signal?: AbortSignal): Promise<GraphAnswer<T>>;
  /** The objects of all pages. Throws M365_ODD rather than follow a link to another host. */
  pages<T>(request: GraphRequest, signal?: AbortSignal): AsyncIterable<T>;
  /**
   * Many requests, 20 to a batch; answers in the order asked. What fails alone is told in its place; what concerns all
   * (no network, a sign-in that ended, a stop) is thrown.
   * @param told called with the place of each answer as it comes
   */
  batch<T>(
    requests: readonly GraphRequest[],
    signal?: AbortSignal,
    told?: (answer: GraphAnswer<T> | OtjError, at: number) => void,
  ): Promise<(GraphAnswer<T> | OtjError)[]>;
  /** The time of the server, by its last answer; of this computer until one has come. */
  now(): Date;
  close(): Promise<void>;
}

export function isRepeatable({ method, repeatable, headers = {} }: GraphRequest): boolean {
  if (repeatable !== undefined) return repeatable;
  return method !== 'POST' && !Object.keys(headers).some((name) => name.toLowerCase() === 'if-match');
}
