import { z } from 'zod';
import { acceptedSchema, transportChoiceSchema } from '../device.ts';
import { importPlanSchema, listWishSchema } from '../lists.ts';
import { method, nothing } from '../method.ts';
import { deviceSchema, matchedSchema, roomDetailSchema, roomRowSchema, suggestionSchema } from '../rooms.ts';

const room = z.object({ roomId: z.number() });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const roomMethods = {
  'rooms.list': method(nothing, z.array(roomRowSchema)),
  'rooms.detail': method(room, roomDetailSchema),
  /** The nearest room that is not done: same floor first, then same building, then the rest; null = all are done. */
  'rooms.next': method(z.object({ after: z.number().nullable() }), z.object({ roomId: z.number().nullable() })),
  /** What importing a list would do; `looked.how` `question` = its columns have to be chosen. Writes nothing. */
  'rooms.preview': method(listWishSchema, importPlanSchema),
  /**
   * Imports a list: good rows are taken, the others told. `seen`: digest of the preview that was shown; when it would
   * come out otherwise now, nothing is written (LIST_CHANGED).
   */
  'rooms.import': method(listWishSchema.and(z.object({ seen: z.string().nullable().default(null) })), importPlanSchema),
  /** Writes all rooms as a list that can be imported again; null = beside the site file. */
  'rooms.export': method(
    z.object({ format: z.enum(['csv', 'xlsx']), folder: z.string().nullable() }),
    z.object({ path: z.string(), rooms: z.number(), inert: z.number() }),
  ),
  /** Corrects what the room list says of its device; null keeps, `serial: ''` forgets the expected one. */
  'rooms.correct': method(
    z.object({ roomId: z.number(), address: z.string().nullable(), serial: z.string().nullable() }),
    roomDetailSchema,
  ),
  /** What a technician decides about a room; what is left out stays. Names of macros that are in both are USAGE. */
  'rooms.decide': method(
    z.object({
      roomId: z.number(),
      takeMacros: z.array(z.string()).exactOptional(),
      leaveMacros: z.array(z.string()).exactOptional(),
      accepted: z.array(acceptedSchema.exclude(['call'])).exactOptional(),
      transport: transportChoiceSchema.exactOptional(),
      legacy: z.boolean().exactOptional(),
    }),
    roomDetailSchema,
  ),
  /**
   * Takes the key over that the device shows now, once it has told the serial number that is known: signs in once, changes
   * nothing on the device. `shown`: the one new key that the technician has seen: the password goes nowhere else. Throws
   * IDENTITY_MISMATCH for another device, TRUST_CHANGED for yet another key, JOB_RUNNING also while another such call goes
   * on, and what signing in throws.
   */
  'rooms.trust': method(z.object({ roomId: z.number(), shown: sha256 }), roomDetailSchema),
  /** Seals the calendar password that a Poly device has before its move, for an undo; empty = forgets it. Throws USAGE, VAULT_LOCKED. */
  'rooms.oldPassword': method(z.object({ roomId: z.number(), password: z.string().max(1000) }), roomDetailSchema),
  /** @param kind null = all steps but that a device is set up by hand, which has to be named */
  'rooms.tick': method(
    z.object({ roomIds: z.array(z.number()), kind: z.string().nullable(), note: z.string() }),
    z.object({ ticked: z.number() }),
  ),
  /** The texts of the backup, redacted. */
  'rooms.backup': method(
    room,
    z.array(z.object({ kind: z.string(), name: z.string(), open: z.boolean(), content: z.string() })),
  ),
  'devices.list': method(nothing, z.array(deviceSchema)),
  'match.suggest': method(nothing, z.array(suggestionSchema)),
  /** Gives a device to a room. Throws MATCH_REFUSED where that would take a device away from work under way. */
  'match.assign': method(z.object({ roomId: z.number(), deviceId: z.number() }), matchedSchema),
  'match.release': method(room, matchedSchema),
  /** Accepts every proposal of at least this score that has no equal, as one deed. */
  'match.accept': method(z.object({ score: z.number().min(0.5).max(1) }), matchedSchema),
  /** Takes a deed back; null = the last one. Throws MATCH_NONE. */
  'match.undo': method(z.object({ batch: z.number().nullable() }), matchedSchema),
};
