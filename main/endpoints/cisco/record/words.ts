/**
 * Words that are nobody's in what codecs say: those of the protocol, of programs for codecs, and of the signs by which the
 * Service's macros are known. They stay as they are, so that a disguised program is still judged as the one it was made from.
 */
import { SIGNATURES } from '../otj/signatures.ts';

const PROTOCOL =
  'resultid status configuration command xcommand xstatus xconfiguration integrator roomcontrol audit root guest xapi ' +
  'httpclient bookings userinterface extensions panel macros macro get put post patch delete remove set list require import ' +
  'from export default const let var function return async await new class if else for while do switch case break continue ' +
  'try catch finally throw typeof instanceof in of this null undefined';

const SIGNS = SIGNATURES.signs.flatMap(({ host, command, equals, word, text }) => [host, command, equals, word, text]);
const NEVER = SIGNATURES.never.map(({ host }) => host);

export const CODEC_WORDS: readonly string[] = [PROTOCOL, ...SIGNS, ...NEVER].filter((text) => text !== undefined);
