/**
 * The one list of calls between a screen and the services. Types are inferred from the schemas; nothing is declared
 * twice. Every call may fail with any code of the catalogue: those are data as well, and the same for all.
 */
import type { z } from 'zod';
import { appMethods } from './methods/app.ts';
import { infinityMethods } from './methods/infinity.ts';
import { microsoftMethods } from './methods/microsoft.ts';
import { connectionMethods } from './methods/microsoftConnection.ts';
import { mailboxMethods } from './methods/microsoftMailboxes.ts';
import { placesMethods } from './methods/places.ts';
import { resultsMethods } from './methods/results.ts';
import { roomMethods } from './methods/rooms.ts';
import { siteMethods } from './methods/site.ts';
import { workMethods } from './methods/work.ts';

export const METHODS = {
  ...appMethods,
  ...siteMethods,
  ...roomMethods,
  ...workMethods,
  ...infinityMethods,
  ...microsoftMethods,
  ...connectionMethods,
  ...mailboxMethods,
  ...resultsMethods,
  ...placesMethods,
};

export type MethodName = keyof typeof METHODS;
/** What a caller gives; defaults may be left out. */
export type Input<N extends MethodName> = z.input<(typeof METHODS)[N]['input']>;
/** What a handler is given. */
export type Parsed<N extends MethodName> = z.output<(typeof METHODS)[N]['input']>;
export type Output<N extends MethodName> = z.output<(typeof METHODS)[N]['output']>;
/** One handler for each call. */
export type Handlers = { [N in MethodName]: (input: Parsed<N>) => Output<N> | Promise<Output<N>> };
