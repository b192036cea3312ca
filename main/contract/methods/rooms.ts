import { z } from 'zod';
import { acceptedSchema, transportChoiceSchema } from '../device.ts';
import { method, nothing } from '../method.ts';
import { deviceSchema, roomDetailSchema, roomRowSchema, rowProblemSchema, suggestionSchema } from '../rooms.ts';

const room = z.object({ roomId: z.number() });

export const roomMethods = {
  'rooms.list': method(nothing, z.array(roomRowSchema)),
  'rooms.detail': method(room, roomDetailSchema),
  /** The nearest room that is not done: same floor first, then same building, then the rest; null = all are done. */
  'rooms.next': method(z.object({ after: z.number().nullable() }), z.object({ roomId: z.number().nullable() })),
  /** A room list as text that was pasted, or as the bytes of a file (base64). Good rows are taken, the others told. */
  'rooms.import': method(
    z.union([z.object({ text: z.string() }), z.object({ base64: z.string() })]),
    z.object({ added: z.number(), changed: z.number(), same: z.number(), problems: z.array(rowProblemSchema) }),
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
  /** The next visit pins the keys it finds. */
  'rooms.trust': method(room, roomDetailSchema),
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
  'match.assign': method(z.object({ roomId: z.number(), deviceId: z.number() }), nothing),
  'match.release': method(room, nothing),
};
