import { describe, expect, it } from 'vitest';
import { judgeProof, type ProofInput } from '../../main/infinity/proof.ts';
import { AlarmSchema, EntrySchema } from '../../main/infinity/resources.ts';

const since = new Date('2026-11-28T10:00:00Z');
const later = (seconds: number) => new Date(since.getTime() + seconds * 1000);
const entry = EntrySchema.parse({ id: 7, name: 'Fjord', room_resource_email: 'fjord@example.com' });
const unseen = { lastContact: null, node: null, meetings: null };

const input = (part: Partial<ProofInput>): ProofInput => ({
  name: 'Fjord',
  mailbox: 'fjord@example.com',
  family: 'CISCO',
  since,
  now: later(3600),
  patience: { replicationMs: 90_000, deadlineMs: 600_000 },
  contact: unseen,
  entry,
  meetings: null,
  alarms: [],
  clockAhead: 0,
  shown: null,
  signIns: null,
  ...part,
});
const causeOf = (part: Partial<ProofInput>) => judgeProof(input(part)).cause;
const alarm = (details: string, instance: string | null = null) =>
  AlarmSchema.parse({ name: 'otj_endpoint', level: 'warning', details, instance });
const account = (part: object) => ({ account: { lastLogin: null, failed: 0, trouble: [], ...part } });

describe('how far Infinity’s word is', () => {
  it.each([
    ['replicating', 30],
    ['waiting', 91],
    ['waiting', 599],
    ['late', 600],
  ] as const)('is %s %d s after the change, without any contact', (state, seconds) => {
    expect(judgeProof(input({ now: later(seconds) })).state).toBe(state);
  });

  it('is proven only by a contact later than the change', () => {
    const contact = (seconds: number) => ({ lastContact: later(seconds), node: 'conf-1', meetings: 4 });
    expect(judgeProof(input({ contact: contact(5) }))).toMatchObject({ state: 'proven', node: 'conf-1', meetings: 4 });
    expect(judgeProof(input({ contact: contact(-5) })).state).toBe('late');
  });

  it('accuses nobody while the change is on its way, and guesses nothing before the deadline', () => {
    const alarms = [alarm('cannot reach Fjord: HTTP 401')];
    expect(judgeProof(input({ now: later(30), alarms })).cause).toBeNull();
    expect(judgeProof(input({ now: later(120) })).cause).toBeNull();
    expect(judgeProof(input({ now: later(120), alarms })).cause).toBe('account');
    // What was raised before the change may be of what it has mended.
    const old = alarms.map((one) => ({ ...one, time_raised: later(-60).toISOString() }));
    expect(judgeProof(input({ now: later(120), alarms: old })).cause).toBeNull();
    expect(judgeProof(input({ alarms: old })).cause).toBe('account');
  });
});

describe('the likely cause', () => {
  it.each([
    ['account', 'cannot reach endpoint Fjord: login: HTTP 401'],
    ['certificate', 'endpoint Fjord: self-signed certificate'],
    ['unreachable', 'endpoint Fjord: connect ECONNREFUSED 10.0.0.1'],
    ['mailbox', 'fjord@example.com: ErrorAccessDenied, mailbox'],
    ['alarm', 'Fjord is unhappy'],
  ] as const)('is %s by the words of an alarm', (cause, details) => {
    const proof = judgeProof(input({ alarms: [alarm(details)] }));
    expect(proof.cause).toBe(cause);
    expect(proof.evidence[0]).toContain(details);
  });

  it('takes no alarm of another room for its own, and reads no cause from the room’s own name', () => {
    expect(causeOf({ alarms: [alarm('cannot reach endpoint Fjord 2: HTTP 401')] })).toBe('never-asked');
    expect(causeOf({ alarms: [alarm('cannot reach endpoint Nordfjord: HTTP 401')] })).toBe('never-asked');
    expect(causeOf({ alarms: [alarm('Fjord: HTTP 401', 'Skog')] })).toBe('never-asked');
    const name = 'Login room';
    expect(causeOf({ name, alarms: [alarm(`Login room: timed out`)] })).toBe('unreachable');
  });

  it('is what the codec itself counts, before any wording', () => {
    const alarms = [alarm('Fjord: timed out')];
    expect(causeOf({ alarms, signIns: account({ failed: 3 }) })).toBe('account');
    expect(causeOf({ alarms, signIns: account({ trouble: ['blocked'] }) })).toBe('account');
    expect(causeOf({ alarms, signIns: { account: null } })).toBe('account');
    expect(causeOf({ signIns: account({}) })).toBe('unreachable');
    expect(causeOf({ signIns: account({ lastLogin: later(60) }) })).toBe('mailbox');
    expect(causeOf({ alarms, signIns: account({ lastLogin: later(-60) }) })).toBe('unreachable');
  });

  it('is a missing entry, a check of the certificate, or a Poly device that never came', () => {
    expect(causeOf({ entry: null })).toBe('no-entry');
    expect(causeOf({ entry: { ...entry, verify_cert: 'YES' } })).toBe('certificate');
    expect(causeOf({ family: 'POLY' })).toBe('poly-login');
    expect(causeOf({ entry: undefined })).toBe('never-asked');
  });

  it('is the mailbox where Infinity comes without the meetings that the device had', () => {
    const contact = { lastContact: later(60), node: 'conf-1', meetings: 0 };
    const shown = { meetings: 3, updated: null, at: later(-60).toISOString() };
    expect(judgeProof(input({ contact, shown }))).toMatchObject({ state: 'proven', cause: 'mailbox' });
    expect(judgeProof(input({ contact: { ...contact, meetings: 2 }, shown })).cause).toBeNull();
  });

  it('is another source of bookings only when a look of just now shows none', () => {
    const contact = { lastContact: later(60), node: 'conf-1', meetings: 2 };
    const shown = { meetings: 0, updated: null, at: later(120).toISOString() };
    expect(judgeProof(input({ contact, shown })).cause).toBeNull();
    expect(judgeProof(input({ contact, shown, signIns: account({ lastLogin: later(60) }) })).cause).toBe(
      'other-source',
    );
  });
});
