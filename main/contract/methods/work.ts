import { z } from 'zod';
import { conflictSchema, takeSchema } from '../conflict.ts';
import { acceptedSchema, macroTextSchema } from '../device.ts';
import { keptFactSchema, listeningSchema, ownNetworkSchema, unfinishedSchema } from '../evidence.ts';
import { takeOverSchema } from '../infinity.ts';
import { jobItemSchema, jobRoomSchema, jobSchema, pointSchema } from '../jobs.ts';
import { method, nothing } from '../method.ts';
import { pilotSchema } from '../pilots.ts';
import { roomStateSchema } from '../plan.ts';
import { teamAgreedSchema } from '../team.ts';

const started = z.object({ job: z.number() });
const accept = z.array(acceptedSchema).exactOptional();
const pilots = z.union([z.literal('first'), z.array(z.number())]).exactOptional();
/** Rooms that somebody else has in work or has worked on, by the team's list, and that are begun all the same. */
const taken = z.array(teamAgreedSchema).exactOptional();
const job = z.object({ job: z.number() });
/** null = all that this kind of work is waiting for. */
const rooms = z.array(z.number()).nullable();

export const workMethods = {
  'jobs.discover': method(
    z.object({
      /** Ranges such as 10.20.3.0/24, with a `!` before those to leave out; none = the addresses of the room list. */
      ranges: z.array(z.string()),
      sshPort: z.number().nullable(),
      httpsPort: z.number().nullable(),
      /** Public addresses may be looked at: somebody was asked. */
      allowPublic: z.boolean().exactOptional(),
      /** Afterwards, log in to what was recognised, behind the login gate, and record what each device says it is. */
      confirm: z.boolean().exactOptional(),
      /** Carry on with the search that was not finished; `ranges` and ports are those of that one. */
      resume: z.boolean().exactOptional(),
    }),
    started,
  ),
  /** What a search could begin with: the networks of this computer, and the search that was not finished. */
  'discover.state': method(
    nothing,
    z.object({
      networks: z.array(ownNetworkSchema),
      unfinished: unfinishedSchema.nullable(),
      listening: listeningSchema,
    }),
  ),
  /**
   * Listens for devices that announce themselves, on every interface, until it is turned off or the site is closed.
   * Sends questions to multicast addresses of the own networks.
   */
  'discover.listen': method(z.object({ on: z.boolean() }), listeningSchema),
  /** All that was seen of a device, the newest first. */
  'discover.facts': method(z.object({ deviceId: z.number() }), z.array(keptFactSchema)),
  'jobs.check': method(nothing, started),
  /**
   * Sets Infinity's entries beside what the site wants and what the devices said. Changes nothing on Infinity.
   * `asPrepared`: what a prepare of just these rooms would write, also for those that were undone.
   */
  'jobs.drift': method(z.object({ rooms, asPrepared: z.boolean().exactOptional() }), started),
  /**
   * `takeOver`: entries that were there before us, as somebody has seen them before they are changed. Any other one is left alone
   * (INFINITY_CHANGED), also one that has appeared since, and one that has other values by then.
   */
  'jobs.prepare': method(z.object({ rooms, takeOver: z.array(takeOverSchema).exactOptional() }), started),
  /** `accept`: objections that hold for this piece of work only, beside those kept with each room. */
  'jobs.plan': method(z.object({ rooms, insist: z.boolean(), accept }), started),
  /** `pilots`: rooms that are wanted as pilots of their kind and watched; `first`: of each kind the first that comes. */
  'jobs.run': method(z.object({ rooms, insist: z.boolean(), accept, pilots, taken }), started),
  /** `overwrite`: texts of somebody's own that were seen in the place of macros that go back; as the old password, of one room. */
  'jobs.undo': method(
    z.object({
      rooms: z.array(z.number()).min(1),
      insist: z.boolean(),
      accept,
      oldPassword: z.string().nullable(),
      taken,
      overwrite: z.array(macroTextSchema).exactOptional(),
    }),
    started,
  ),
  /** `look`: log in to codecs that Infinity has not reached in time, to learn why. */
  'jobs.sync': method(
    z.object({ waitMs: z.number().min(0), finish: z.boolean(), look: z.boolean().exactOptional(), pilots }),
    started,
  ),
  /** Reads the device again and sets it beside the backup. Changes nothing. */
  'jobs.compare': method(z.object({ roomId: z.number() }), started),
  /** Reads the macros of a codec and what is judged of each. Changes nothing. */
  'jobs.macros': method(z.object({ roomId: z.number() }), started),
  /**
   * One xAPI line on each of these rooms' codecs, on one first. A line that may change something is sent only with
   * `apply`; without it each codec is told apart and the line shown.
   */
  'jobs.xapi': method(
    z.object({ rooms: z.array(z.number()).min(1), line: z.string(), body: z.string().nullable(), apply: z.boolean() }),
    started,
  ),
  /** Walks the device of a room read-only and writes a recording without secrets; null = beside the site file. */
  'jobs.record': method(z.object({ roomId: z.number(), folder: z.string().nullable() }), started),
  /** Starts simulated devices on this computer and opens a new site file for them. */
  'jobs.practice': method(z.object({ rooms: z.number().int().min(1).max(9000), trouble: z.boolean() }), started),
  /** `now`: after the steps under way. `after-rooms`: the rooms under way are finished, the rest is left. */
  'jobs.stop': method(z.object({ job: z.number(), how: z.enum(['now', 'after-rooms']) }), nothing),
  'jobs.pause': method(job, nothing),
  'jobs.resume': method(job, nothing),
  'jobs.detail': method(
    job,
    z.object({
      job: jobSchema,
      rooms: z.array(jobRoomSchema),
      course: z.array(pointSchema),
      items: z.array(jobItemSchema),
    }),
  ),
  /** What is owed, oldest first. */
  'outbox.list': method(
    nothing,
    z.array(
      z.object({
        roomId: z.number(),
        room: z.string(),
        kind: z.enum(['entry', 'contact', 'entry-removal']),
        since: z.string(),
        attempts: z.number(),
        words: z.string().nullable(),
        /** Somebody has changed the entry meanwhile, and a person has to decide whose values stand. */
        conflict: conflictSchema.nullable(),
      }),
    ),
  ),
  /** Decides about what somebody changed; the next sync acts by it. Throws NOTHING_TO_DO when nothing is waiting. */
  'outbox.settle': method(z.object({ roomId: z.number(), take: takeSchema }), nothing),
  /** What only a person can do and nobody has ticked yet, by kind; rooms in the order of the list. */
  'manual.list': method(nothing, z.array(z.object({ kind: z.string(), open: z.array(z.number()) }))),
  /** First devices of their kind. */
  'pilots.list': method(nothing, z.array(pilotSchema)),
  /** Gives up the unconfirmed pilot of a room. Throws PILOT_NONE, SITE_BUSY. */
  'pilots.drop': method(z.object({ roomId: z.number() }), nothing),
  /** Writes what confirmed pilots add to the data files, beside the site file when null. Throws PILOT_NONE. */
  'pilots.contribution': method(
    z.object({ path: z.string().nullable() }),
    z.object({ path: z.string(), entries: z.number() }),
  ),
  'report.summary': method(
    nothing,
    z.object({
      counts: z.record(roomStateSchema, z.number()),
      /** Milliseconds without OTJ of each room where both moments are known. */
      without: z.array(z.number()),
      /** When each migrated room was finished, oldest first. */
      finished: z.array(z.string()),
      manual: z.number(),
      owed: z.number(),
    }),
  ),
  /** null = beside the site file. */
  'report.write': method(z.object({ folder: z.string().nullable() }), z.object({ html: z.string(), csv: z.string() })),
  /** The hand-over report as one page, for the preview. */
  'report.html': method(nothing, z.object({ html: z.string() })),
};
