/** The hand-over report of a site: gathered here, rendered by main/report, written as one HTML and one CSV file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TAKEN } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import type { ManualKind } from '../contract/plan.ts';
import { renderCsv } from '../report/csv.ts';
import { renderHtml } from '../report/html.ts';
import type { Report, ReportRoom } from '../report/model.ts';
import { MANUAL } from '../site/outbox.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { FAMILY_WORDS } from './inventory.ts';
import { technicianOf } from './settings.ts';
import { countStates, withoutOtj } from './status.ts';

const MANUAL_WORDS: Record<ManualKind, string> = {
  [MANUAL.servicePortal]:
    'Remove the One-Touch Join setting of this endpoint in Pexip Control Center (Video systems, the system, One-Touch Join).',
  [MANUAL.serviceAgain]:
    'Set this endpoint up for One-Touch Join in Pexip Control Center again: it had been removed there before the undo.',
  [MANUAL.infinityPassword]:
    'Type the former password of this room’s OTJ endpoint on Infinity: it cannot be read back, so the undo could not restore it.',
  [MANUAL.infinityEntry]:
    'Remove this room’s OTJ endpoint on Infinity: it was made there by hand, so the undo could not remove it.',
  [MANUAL.webexEntry]:
    'Enable Webex in the OTJ profile on Infinity: this codec is registered with Webex, and its entry is of type WEBEX with the id that the codec told; where the entry is owed, the next sync makes it so. Where the codec told no id, look it up in Webex Control Hub and give it to the entry by hand.',
  [MANUAL.manager]:
    'Tell the management system of this device, so that it does not put the old macro, account, meetings or settings back.',
  [MANUAL.passphraseEnd]:
    'Give Infinity’s account on this device a new passphrase before the device’s policy ends it (UserManagement PasswordPolicy MaxLifetime; the plan tells the day), or set that policy to 0.',
  [MANUAL.deviceByHand]:
    'Set the calendar up on this device by hand, with the values of its recipe: no program speaks to this model.',
  [MANUAL.deviceBackByHand]:
    'Give this device its old calendar settings back by hand: it had been set up by hand before the undo.',
};

/** What the kind of a step asks of a person; the kind itself for one of another version of this program. */
export function manualWords(kind: string): string {
  return isOwn(kind) ? MANUAL_WORDS[kind] : kind;
}

function isOwn(kind: string): kind is ManualKind {
  return Object.hasOwn(MANUAL_WORDS, kind);
}

const OWED_WORDS: Record<string, string> = {
  entry: 'The entry on Infinity is not written yet.',
  contact: 'Infinity has not yet been seen to reach the device.',
  'entry-removal': 'The entry on Infinity is not taken away yet.',
  result: 'The team’s list does not have the newest result yet.',
};

function gather(site: Site, at: Date = new Date()): Report {
  const toList = new Set(site.results.owed().map(({ roomId }) => roomId));
  const rooms = site.rooms.all().map((room) => roomReport(site, room, toList.has(room.id)));
  return {
    site: site.settings.name,
    madeAt: at.toISOString(),
    technician: technicianOf(site),
    counts: countStates(rooms),
    rooms,
  };
}

function roomReport(site: Site, room: Room, isOwedToList: boolean): ReportRoom {
  const { journal, outbox, backups, rooms } = site;
  const endpoint = rooms.endpointOf(room.id);
  const entry = outbox.entry(room.id);
  const lastRun = journal.lastRun(room.id);
  const entries = journal.ofRoom(room.id);
  const outcomes = entries.filter(({ edge }) => edge === 'outcome');
  const saved = endpoint?.serial ? backups.list(endpoint.serial) : [];
  const changed = outcomes.filter(({ status }) => status === 'done');
  return {
    name: room.name,
    building: room.building,
    floor: room.floor,
    mailbox: room.mailbox,
    state: room.state,
    problem: room.problem,
    stateAt: room.stateAt,
    address: endpoint?.address ?? null,
    family: endpoint?.family ? FAMILY_WORDS[endpoint.family] : null,
    model: endpoint?.model ?? null,
    software: endpoint?.software ?? null,
    serial: endpoint?.serial ?? null,
    mac: endpoint?.mac ?? null,
    technician: lastRun?.technician ?? null,
    workedAt: lastRun?.startedAt ?? null,
    changes: changed.flatMap(({ changes, at }) =>
      changes.filter(({ before, after }) => before !== after).map((change) => ({ ...change, at })),
    ),
    removed: room.state === 'undone' ? [] : removedMacros(saved, outcomes),
    withoutOtjMs: withoutOtj(room),
    cutoverAt: room.cutoverAt,
    servedAt: room.servedAt,
    infinity: entry && {
      entryId: entry.entryId,
      lastContact: entry.lastContact,
      node: entry.lastNode,
      meetings: entry.meetings,
    },
    owed: [...outbox.owedOf(room.id), ...(isOwedToList ? ['result'] : [])].map((kind) => OWED_WORDS[kind] ?? kind),
    manual: outbox
      .manualSteps(room.id)
      .map(({ kind, tickedBy, tickedAt, note }) => ({ text: manualWords(kind), tickedBy, tickedAt, note })),
    steps: stepsOfLastRun(entries),
  };
}

type Entries = ReturnType<Site['journal']['ofRoom']>;

/** Texts saved in the moment before their macro was removed, but those whose removal the device refused. */
function removedMacros(saved: ReturnType<Site['backups']['list']>, outcomes: Entries): ReportRoom['removed'] {
  const refused = new Map<string, boolean>();
  for (const { status, problem, changes } of outcomes)
    for (const { setting } of changes) refused.set(setting, status === 'failed' && problem?.class === 'refused');
  const taken = saved.filter(({ kind, open, name }) => kind === TAKEN && open && !refused.get(`Macro ${name}`));
  return taken.map(({ name, sha256, bytes }) => ({ name, sha256, bytes }));
}

/** Outcomes of the newest run; an intent without one is told as a step of unknown end. */
function stepsOfLastRun(entries: Entries): ReportRoom['steps'] {
  const runId = entries.at(-1)?.runId;
  const own = entries.filter((entry) => entry.runId === runId);
  return own.flatMap(({ step, title, edge, status, at, ms, words, problem }, index) => {
    const answered =
      edge === 'outcome' || own.slice(index + 1).some((later) => later.step === step && later.edge === 'outcome');
    if (edge === 'intent' && answered) return [];
    return [{ step: title, status: edge === 'intent' ? 'unknown end' : status, at, ms, words, problem }];
  });
}

/** The report as one page that needs nothing else. */
export function reportHtml(site: Site): string {
  return renderHtml(gather(site));
}

/** Both files as they would be written. @param at when the report is said to be made */
export function reportFiles(site: Site, at: Date): { html: string; csv: string } {
  const report = gather(site, at);
  return { html: renderHtml(report), csv: renderCsv(report) };
}

/** @returns the paths written. Throws DISK. */
export function writeReport(site: Site, folder: string): { html: string; csv: string } {
  const files = reportFiles(site, new Date());
  const name = basename(site.path).replace(/\.otjsite$/, '');
  const html = join(folder, `${name}-report.html`);
  const csv = join(folder, `${name}-report.csv`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(html, files.html);
    writeFileSync(csv, files.csv);
  } catch (thrown) {
    throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
  }
  return { html, csv };
}
