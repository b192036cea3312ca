/**
 * The file of a recording: what one device was asked and what it answered, on the wire, in order, disguised. It is made to
 * be passed on, so it holds nothing that names a customer. Version 1; a reader refuses every other.
 *
 * `exchanges` are in the order in which they were sent. Over SSH and telnet one exchange is what was written and all that
 * came until the next write; the first one has nothing written and holds the banner, or telnet's question for the password,
 * whose answer is not kept (`PASSWORD_SENT`). Over HTTPS it is one request and its reply; passwords and cookies are not kept,
 * only that they were sent (`login`). Texts are UTF-8, byte for byte but for what is disguised; `took` is the time from the
 * request to the last byte of the answer.
 */
import { z } from 'zod';
import { transportSchema } from '../../contract/device.ts';
import { drivenFamilySchema } from '../../contract/plan.ts';

const common = {
  /** Which reading it belongs to; several when the transport repeated one. */
  read: z.string(),
  /** Since the connection was opened, milliseconds. */
  at: z.number().int().nonnegative(),
  /** Milliseconds. */
  took: z.number().int().nonnegative(),
};

/** What stands in place of a line that was the password. */
export const PASSWORD_SENT = '•••\r';

const shellExchangeSchema = z.strictObject({
  over: z.enum(['ssh', 'telnet']),
  ...common,
  sent: z.string(),
  said: z.string(),
  /** In how many pieces the answer arrived. */
  pieces: z.number().int().nonnegative(),
});

const httpExchangeSchema = z.strictObject({
  over: z.literal('https'),
  ...common,
  method: z.string(),
  path: z.string(),
  /** How the request said who asks; `password`: in a header, or in its body, from which user and password were taken. */
  login: z.enum(['password', 'cookie', 'none']),
  body: z.string().nullable(),
  /** null when there was none. */
  reply: z
    .strictObject({
      status: z.number().int(),
      headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
      said: z.string(),
      /** False when bytes of the body were no UTF-8; these stand as U+FFFD. */
      isUtf8: z.boolean(),
    })
    .nullable(),
});

export const recordingSchema = z.strictObject({
  format: z.literal('otj-migrator-recording'),
  version: z.literal(1),
  /** For the person who opens the file. */
  about: z.string(),
  madeAt: z.iso.datetime(),
  family: drivenFamilySchema,
  device: z.strictObject({ model: z.string(), software: z.string() }),
  transport: transportSchema,
  /** What was not safe about the connection; null = nothing. */
  weakness: z.string().nullable(),
  /** How each reading ended: `ok`, or the code of its error. */
  outcomes: z.array(z.strictObject({ read: z.string(), outcome: z.string() })),
  exchanges: z.array(z.discriminatedUnion('over', [shellExchangeSchema, httpExchangeSchema])),
  /**
   * What the product made of the device at that time, in the form of its family's digest; a code when it could make nothing
   * of it.
   */
  seen: z.union([z.record(z.string(), z.json()), z.string()]),
  /** How many different originals of each kind were replaced. */
  replaced: z.record(z.string(), z.number().int()),
});

export type Recording = z.infer<typeof recordingSchema>;
export type Exchange = Recording['exchanges'][number];
export type HttpExchange = Extract<Exchange, { over: 'https' }>;
export type ShellExchange = Exclude<Exchange, HttpExchange>;
/** What the product made of a device. */
export type Digest = Exclude<Recording['seen'], string>;
