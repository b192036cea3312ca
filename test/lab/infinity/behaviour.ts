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
  location: 'path' | 'absolute';
  patchStatus: 200 | 202 | 204;
  /** Off on a new platform. */
  oauth: boolean;
  otjTotal: number;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  replicationMs: 500,
  ratePerMinute: 1000,
  errorShape: 'flat',
  overLicence: 'refuse',
  unavailable: 0,
  loseReplies: 0,
  hang: 0,
  membersAs: 'objects',
  deploymentsAs: 'strings',
  secretsInReplies: 'omit',
  neverContacted: 'null',
  statusIds: 'shifted',
  location: 'path',
  patchStatus: 202,
  oauth: false,
  otjTotal: 100,
};

/** Requests of the last minute. */
export class RateLimit {
  #times: number[] = [];

  /** Seconds to wait when there were too many, else undefined and the request counts. */
  refuse(perMinute: number, now = Date.now()): number | undefined {
    this.#times = this.#times.filter((time) => time > now - 60_000);
    const oldest = this.#times[0];
    if (this.#times.length >= perMinute) return Math.max(1, Math.ceil(((oldest ?? now) + 60_000 - now) / 1000));
    this.#times.push(now);
    return undefined;
  }
}
