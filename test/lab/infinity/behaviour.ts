/**
 * What real Management Nodes may do either way, or at a bad moment. Points that Pexip does not document are switches,
 * so that a client can be tried against both readings.
 */
export interface Behaviour {
  /** From a saved change until the Conferencing Nodes act on it. About a minute on a real platform. */
  replicationMs: number;
  /** 429 above this many requests in 60 s. */
  ratePerMinute: number;
  /** `{"name": [...]}` or `{"mjx_endpoint": {"name": [...]}}`. */
  errorShape: 'flat' | 'nested';
  /** An endpoint beyond the licences: 400, or accepted without service. */
  overLicence: 'refuse' | 'accept';
  /** A second object with a name, mailbox or Poly user that must be unique: 400, or accepted as if it need not be. */
  duplicates: 'refuse' | 'accept';
  /** This many of the next requests get 503. */
  unavailable: number;
  /** This many of the next successful writes are saved, but their reply never comes: the connection breaks. */
  loseReplies: number;
  /** This many of the next requests are accepted and never answered. */
  hang: number;
  /** Members of groups and profiles as whole objects or as URIs. */
  membersAs: 'objects' | 'strings';
  /** Calendar deployments of profiles as whole objects or as URIs. */
  deploymentsAs: 'objects' | 'strings';
  /** Write-only fields are left out, or there but blank. */
  secretsInReplies: 'omit' | 'blank';
  /** Endpoints that no node has reached yet: in the status list with a null time, or not in it. */
  neverContacted: 'null' | 'missing';
  /** Whether ids in status lists are those of the configuration. */
  statusIds: 'shifted' | 'same';
  /** Numbers and truth values as JSON has them, or all written as texts; for what comes through another's hands. */
  valuesAs: 'json' | 'texts';
  location: 'path' | 'absolute';
  patchStatus: 200 | 202 | 204;
  /** Off on a new platform. */
  oauth: boolean;
  /** Life of an access token, seconds; null = an hour, and replies do not tell it. */
  tokenSeconds: number | null;
  otjTotal: number;
  /** How far the platform's clock is ahead of the true time (behind when negative), milliseconds. */
  clockOffsetMs: number;
  /** Answers nothing but 503 until it is over, as while the Management Node is upgraded or restarted. */
  maintenance: boolean;
  /** This many of the next successful writes are saved and answered with a 500. */
  failAfterSaving: number;
  /** This many of the next requests get 429 with a `Retry-After` of no seconds, and nothing is done. */
  tooMany: number;
  /** Share of writes (0 to 1) that meet one of these by chance: lost reply, 500 after saving, 429, 503. */
  chaos: number;
  /** What stands between: this many of the next requests get the web page of a proxy, with its status. */
  proxyPages: number;
  proxyStatus: 200 | 403 | 407 | 502;
  /**
   * Versions differ. `older`: without Webex and without the alarm switch of Poly rooms. `newer`: more fields and
   * choices. `stricter`: a new field that every new endpoint needs. `none`: the schema page is not there.
   */
  schema: 'current' | 'older' | 'newer' | 'stricter' | 'none';
  /** Codecs that the Conferencing Nodes cannot reach although others can: a firewall in between. */
  unreachable: string[];
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  replicationMs: 500,
  ratePerMinute: 1000,
  errorShape: 'flat',
  overLicence: 'refuse',
  duplicates: 'refuse',
  unavailable: 0,
  loseReplies: 0,
  hang: 0,
  membersAs: 'objects',
  deploymentsAs: 'strings',
  secretsInReplies: 'omit',
  neverContacted: 'null',
  statusIds: 'shifted',
  valuesAs: 'json',
  location: 'path',
  patchStatus: 202,
  oauth: false,
  tokenSeconds: 3600,
  otjTotal: 100,
  clockOffsetMs: 0,
  maintenance: false,
  failAfterSaving: 0,
  tooMany: 0,
  chaos: 0,
  proxyPages: 0,
  proxyStatus: 502,
  schema: 'current',
  unreachable: [],
};

/** Requests of the last minute. */
export class RateLimit {
  readonly #times: number[] = [];

  /** Seconds to wait when there were too many, else undefined and the request counts. */
  refuse(perMinute: number, now = Date.now()): number | undefined {
    while (this.#times[0] !== undefined && this.#times[0] <= now - 60_000) this.#times.shift();
    const oldest = this.#times[0];
    if (this.#times.length >= perMinute) return Math.max(1, Math.ceil(((oldest ?? now) + 60_000 - now) / 1000));
    this.#times.push(now);
    return undefined;
  }
}
