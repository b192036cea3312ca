/** What a check comes to. */
import type { OtjError } from '../../contract/errors.ts';
import type { Check, CheckReason } from '../../contract/jobs.ts';

export type CheckId = Check['id'];
export type Verdict = Omit<Check, 'id' | 'place'> & {
  /** Another place of the admin pages than that of the check itself; null = it is not mended there. */
  at?: string | null;
};

type More = { count?: number; at?: string };

export function pass(evidence: string, reason?: CheckReason, more: More = {}): Verdict {
  return { status: 'pass', evidence, ...(reason ? { reason } : {}), ...more };
}

export function warn(evidence: string, reason?: CheckReason, more: More = {}): Verdict {
  return { status: 'warn', evidence, ...(reason ? { reason } : {}), ...more };
}

export function unchecked(evidence: string, reason?: CheckReason): Verdict {
  return { status: 'unchecked', evidence, ...(reason ? { reason } : {}) };
}

export function fail(error: OtjError, reason?: CheckReason, more: More = {}): Verdict {
  return {
    status: 'fail',
    evidence: error.words ?? '',
    problem: error.toProblem(),
    ...(reason ? { reason } : {}),
    ...more,
  };
}

/** What the account may not read, or what could not be read, was not looked at: nobody knows whether it is in order. */
export function unread(error: OtjError): Verdict {
  const { evidence, problem } = fail(error) as Verdict & { problem: NonNullable<Check['problem']> };
  return { status: 'warn', evidence, reason: error.code === 'INFINITY_FORBIDDEN' ? 'forbidden' : 'unread', problem };
}
