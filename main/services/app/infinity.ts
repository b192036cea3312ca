/** Calls on the Infinity deployment: its set-up, files for work without the API, and what it says of the rooms. */
import { dirname } from 'node:path';
import { readExport, writeBulk } from '../bulk.ts';
import { lastDrift } from '../drift.ts';
import type { OpenSite } from '../openSite.ts';
import { movedRooms } from '../prove.ts';
import { roomOf } from '../roomDetail.ts';
import { applySetup, previewSetup, setupOffer } from '../setupInfinity.ts';
import { type Area, change, pathOf, toldView } from './area.ts';

/** Longest time for the few requests of a set-up, milliseconds. */
const SETUP_MS = 60_000;

/** @param written is told of each file that is written */
export function infinityHandlers(open: OpenSite, written: Set<string>): Area<'infinity'> {
  const inTime = () => AbortSignal.timeout(SETUP_MS);
  return {
    'infinity.drift': ({ job }) => (job === null ? lastDrift(open.site) : open.driftOf(job)),
    'infinity.offer': () => setupOffer(open.site, inTime()),
    'infinity.preview': (wish) => previewSetup(open.site, wish, inTime()),
    'infinity.apply': async ({ wish, confirmed }) => {
      const { site, jobs } = open;
      jobs.assertIdle();
      site.takeLock();
      try {
        return await applySetup(site, { wish, confirmed, signal: inTime() });
      } finally {
        site.releaseLock();
        toldView(open);
      }
    },
    'infinity.export': ({ folder, group, passwords }) => {
      const { site } = open;
      const rooms = site.rooms.all().filter(({ state }) => state !== 'undone');
      const into = folder === null ? dirname(site.path) : pathOf(folder);
      const files = change(open, () => writeBulk(site, { rooms, folder: into, group, passwords }));
      written.add(files.csv);
      written.add(files.sheet);
      return files;
    },
    'infinity.import': ({ base64, group, nodes }) => {
      const bytes = Buffer.from(base64, 'base64');
      const result = change(open, (site) => readExport(site, { bytes, group, nodes }));
      open.emit({ type: 'list' });
      toldView(open);
      return result;
    },
    'infinity.proofs': ({ roomId }) => {
      const { site } = open;
      const rooms = roomId === null ? movedRooms(site) : [roomOf(site, roomId)];
      return rooms.flatMap(({ id, name }) => {
        const proof = site.outbox.proof(id);
        return proof ? [{ roomId: id, room: name, proof }] : [];
      });
    },
  };
}
