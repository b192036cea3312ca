/** How the lab's Graph behaves; change its members while it runs. Figures are those of the public throttling page. */
export interface Behaviour {
  /** Milliseconds that each HTTP request takes at the least, there and back. */
  latencyMs: number;
  /** Milliseconds that a service takes for each request, or part of a batch; Outlook's places are taken for so long. */
  serviceMs: number;
  /** Off: no limit is kept. */
  throttling: boolean;
  /** Requests of Outlook at once, for each app or for each app and mailbox (texts differ by their age). */
  outlookAtOnce: number;
  outlookScope: 'app' | 'mailbox';
  /** Of an app and mailbox in ten minutes. */
  outlookRequests: number;
  /** Units of the directory for an app in ten seconds: 3,500 small, 5,000 medium, 8,000 large tenants. */
  directoryUnits: number;
  /** Seconds named in `Retry-After` when Outlook is crowded. */
  retryAfterS: number;
  /** Milliseconds until a change of the directory or of a list is seen by a query. */
  consistencyMs: number;
  /** How the body of a part that is plain text stands in a batch; all three are seen. Source: json-batching names Base64. */
  textParts: 'base64' | 'text' | 'number';
  /** Troubles to come; each is used up. */
  faults: Trouble[];
}

/** What becomes of the next request that fits. */
export interface Trouble {
  /** Part of `METHOD /path`, such as `GET /places` or `/calendarView`. */
  on: string;
  /** How often; 1 when absent. */
  times?: number;
  /** In batches: the part, in place of the whole. */
  part?: boolean;
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** It is done first, and then answered so. */
  afterDone?: boolean;
  /** The connection is cut in place of an answer. */
  drop?: boolean;
}

export const DEFAULT_BEHAVIOUR: Readonly<Omit<Behaviour, 'faults'>> = {
  latencyMs: 0,
  serviceMs: 0,
  throttling: true,
  outlookAtOnce: 4,
  outlookScope: 'app',
  outlookRequests: 10_000,
  directoryUnits: 3_500,
  retryAfterS: 1,
  consistencyMs: 0,
  textParts: 'base64',
};

/** The trouble that fits, which is used up by that. */
export function troubleFor(behaviour: Behaviour, asked: string, part: boolean): Trouble | undefined {
  const at = behaviour.faults.findIndex((one) => asked.includes(one.on) && (one.part ?? false) === part);
  const trouble = behaviour.faults[at];
  if (!trouble) return undefined;
  const left = (trouble.times ?? 1) - 1;
  if (left <= 0) behaviour.faults.splice(at, 1);
  else behaviour.faults[at] = { ...trouble, times: left };
  return trouble;
}
