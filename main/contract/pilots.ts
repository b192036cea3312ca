/** First devices of their kind, as a screen sees them. */
import { z } from 'zod';
import { problemSchema } from './rooms.ts';

export const pilotSchema = z.object({
  /** What it is about: model, software, setting names. */
  title: z.string(),
  roomId: z.number(),
  room: z.string(),
  serial: z.string(),
  technician: z.string(),
  begunAt: z.string(),
  /** null = it has not shown that it works; others wait. */
  confirmedAt: z.string().nullable(),
  /** What the device said when it was confirmed. */
  words: z.string().nullable(),
  problem: problemSchema.nullable(),
  /** Rooms that are known to wait for it. */
  waiting: z.number(),
});
export type PilotView = z.infer<typeof pilotSchema>;
