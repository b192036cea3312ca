/** Calls on what is owed and what is handed over. */
import { dirname } from 'node:path';
import type { Output } from '../../contract/methods.ts';
import type { Site } from '../../site/site.ts';
import type { OpenSite } from '../openSite.ts';
import { reportHtml, writeReport } from '../report.ts';
import { roomRows } from '../roomRows.ts';
import { countStates } from '../status.ts';
import { type Area, change, pathOf } from './area.ts';

/** @param written is told of each file that is written */
export function reportHandlers(open: OpenSite, written: Set<string>): Area<'outbox' | 'manual' | 'report'> {
  return {
    'outbox.list': () => outbox(open.site),
    'outbox.settle': ({ roomId, take }) => {
      change(open, (site) => site.outbox.settle(roomId, take));
      open.siteChanged();
    },
    'manual.list': () => manual(open.site),
    'report.summary': () => summary(open.site),
    'report.write': ({ folder }) => {
      const { site } = open;
      const paths = writeReport(site, folder === null ? dirname(site.path) : pathOf(folder));
      for (const path of Object.values(paths)) written.add(path);
      return paths;
    },
    'report.html': () => ({ html: reportHtml(open.site) }),
  };
}

function outbox({ outbox, rooms }: Site): Output<'outbox.list'> {
  const names = new Map(rooms.all().map(({ id, name }) => [id, name]));
  return outbox.owed().map(({ roomId, kind, createdAt, attempts, problem, conflict }) => ({
    roomId,
    room: names.get(roomId) ?? '',
    kind,
    since: createdAt,
    attempts,
    words: problem && (problem.words ?? problem.happened),
    conflict,
  }));
}

function manual({ outbox, rooms }: Site): Output<'manual.list'> {
  const place = new Map(rooms.all().map(({ id }, at) => [id, at]));
  const byPlace = (a: number, b: number) => (place.get(a) ?? 0) - (place.get(b) ?? 0);
  const kinds = Map.groupBy(outbox.openManual(), ({ kind }) => kind);
  return [...kinds].map(([kind, steps]) => ({ kind, open: steps.map(({ roomId }) => roomId).sort(byPlace) }));
}

function summary(site: Site): Output<'report.summary'> {
  const rows = roomRows(site);
  return {
    counts: countStates(rows),
    without: rows.flatMap(({ withoutOtjMs }) => withoutOtjMs ?? []),
    finished: rows.flatMap(({ state, stateAt }) => (state === 'migrated' ? [stateAt] : [])).sort(),
    manual: rows.reduce((sum, { manual }) => sum + manual, 0),
    owed: site.outbox.owedCount(),
  };
}
