/**
 * Errors that a user can meet. Each has a stable code, what happened, and what to do next (see catalogue.ts). Nothing
 * secret ever goes into `words`: those are the device's own words, or the value that is wrong, already redacted.
 */
import { CATALOGUE, type ErrorClass } from './catalogue.ts';

export type ErrorCode = keyof typeof CATALOGUE;

/** An error as data: what crosses to a screen, a log or a report. */
export type Problem = {
  code: ErrorCode;
  class: ErrorClass;
  happened: string;
  todo: string;
  /** The device's or server's own words, or the value that is wrong; redacted, may be absent. */
  words?: string;
  /** The other side's id of the request, by which its support finds it. */
  requestId?: string;
  /** What became of each change that was planned; absent when nothing was planned yet. */
  effects?: Effect[];
};

/** Whether anything on the device or on Infinity was changed, or may have been. */
export function isTouched({ effects = [] }: Problem): boolean {
  return effects.some(({ outcome }) => outcome === 'done' || outcome === 'unknown');
}

/** `unknown`: sent, and the answer or the read-back is missing. A next run looks at the device and settles it. */
export type Effect = { step: string; what: string; outcome: 'done' | 'refused' | 'unknown' | 'not tried' };

export class OtjError extends Error {
  readonly code: ErrorCode;
  readonly words: string | undefined;
  readonly requestId: string | null;

  /**
   * @param code stable code from the catalogue
   * @param words what the other side said, or which value is wrong; must hold no secret
   */
  constructor(code: ErrorCode, words?: string, options?: { cause?: unknown; requestId?: string | null }) {
    super(`${code}: ${CATALOGUE[code].happened}${words ? ` (${words})` : ''}`, options);
    this.name = 'OtjError';
    this.code = code;
    this.words = words;
    const { cause, requestId } = options ?? {};
    this.requestId = requestId ?? (cause instanceof OtjError ? cause.requestId : null);
  }

  get class(): ErrorClass {
    return CATALOGUE[this.code].class;
  }

  toProblem(): Problem {
    const { class: kind, happened, todo } = CATALOGUE[this.code];
    const { code, words, requestId } = this;
    return { code, class: kind, happened, todo, ...(words ? { words } : {}), ...(requestId ? { requestId } : {}) };
  }
}

/** Any thrown thing as an OtjError; an unknown one becomes INTERNAL with its message as words. */
export function asOtjError(thrown: unknown): OtjError {
  if (thrown instanceof OtjError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new OtjError('INTERNAL', message, { cause: thrown });
}
