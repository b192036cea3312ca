/**
 * Words that are nobody's: those of the protocol, of programs for codecs, and of the signs by which the Service's macros
 * are known. They stay as they are, so that a disguised program is still judged as the one it was made from.
 */
import { SIGNATURES } from '../../otj/signatures.ts';

const PROTOCOL =
  'ok error end resultid status configuration command xcommand xstatus xconfiguration true false on off auto admin user ' +
  'integrator roomcontrol audit root guest xapi httpclient bookings userinterface extensions panel macros macro get put ' +
  'post patch delete remove set list require import from export default const let var function return async await new ' +
  'class if else for while do switch case break continue try catch finally throw typeof instanceof in of this null ' +
  'undefined url header headers body http https wss json xml utf8 cdata console log info warn debug unfit otj nobody nothing';

const SIGNS = SIGNATURES.signs.flatMap(({ host, command, equals, word, text }) => [host, command, equals, word, text]);
const NEVER = SIGNATURES.never.map(({ host }) => host);

/** Of letters and digits. */
export const WORD = /[\p{L}\p{N}]+/gu;

const FIXED: ReadonlySet<string> = new Set(
  [PROTOCOL, ...SIGNS, ...NEVER].flatMap((text) => text?.toLowerCase().match(WORD) ?? []),
);

/** The words that stay in one recording: the fixed ones, those of names of places, and those of public values. */
export class Vocabulary {
  private readonly own = new Set<string>();

  /** @param text of a name of the xAPI, or of a value that is the same for every customer */
  add(text: string): void {
    const parts = text.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ').match(WORD) ?? [];
    for (const word of [...parts, ...(text.match(WORD) ?? [])]) this.own.add(word.toLowerCase());
  }

  /** Whether a word stays in free text. */
  isFixed(word: string): boolean {
    return FIXED.has(word.toLowerCase());
  }

  /** Whether a text says so little that it can be found anywhere: words of the device's makers, or a short number. */
  isCommon(text: string): boolean {
    const words = text.toLowerCase().match(WORD) ?? [];
    if (words.length === 0 || text.trim().length < 2) return true;
    return words.every((word) => FIXED.has(word) || this.own.has(word) || /^\d{1,4}$/.test(word));
  }
}
