/** Whole texts of devices for a person to read: macros, settings, exports. Secrets are taken out, the lines stay. */
import { createRedactor } from '../endpoints/redact.ts';
import { SECRET_WORDS as SECRET_WORD } from '../endpoints/secretNames.ts';

const MASK = '•••';
/** Parsers of what devices say are bounded: a value that never closes must not be looked for to the end each time. */
const LONGEST_VALUE = 4_096;

/** `password = 'x'`, `"apiToken": "x"`, `token: \`x\``, in a program or in JSON. */
const ASSIGNED = new RegExp(
  `(${SECRET_WORD}[\\w.$-]{0,40}["'\`\\]]{0,2}\\s{0,8}[:=]\\s{0,8})(["'\`])(?:\\\\[^]|(?!\\2)[^\\\\]){1,${LONGEST_VALUE}}`,
  'gi',
);
/** `<Password>x</Password>`, `name="calendar.password" value="x"`. */
const TAGGED = new RegExp(`(<${SECRET_WORD}\\b[^<>]{0,200}>)[^<]{1,${LONGEST_VALUE}}`, 'gi');
const ATTRIBUTE = new RegExp(
  `(${SECRET_WORD}[\\w.$-]{0,40}"\\s{1,8}value\\s{0,4}=\\s{0,4}")[^"]{1,${LONGEST_VALUE}}`,
  'gi',
);
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g;

/**
 * @param secrets what is known to be secret, in whatever spelling it stands in the text
 * @returns takes them out of a text, and whatever a program or document itself calls a password, token or secret
 */
export function textRedactor(secrets: readonly string[]): (text: string) => string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return (text) =>
    text
      .replace(ASSIGNED, `$1$2${MASK}`)
      .replace(TAGGED, `$1${MASK}`)
      .replace(ATTRIBUTE, `$1${MASK}`)
      .replace(BEARER, `$1 ${MASK}`)
      .split(/\r?\n/)
      .map(withoutKnown)
      .join('\n');

  /** A line without secrets stays as it is, so that a comparison of two texts shows every difference. */
  function withoutKnown(line: string): string {
    // The line end keeps the redactor from taking a line's last letters for the beginning of a cut-off secret.
    const clean = redactor.clean(`${line}\n`, Number.POSITIVE_INFINITY);
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    return count(clean) > count(line) ? indent + clean : line.replace(/(?!\t)\p{Cc}/gu, ' ');
  }
}

function count(text: string): number {
  return text.split(MASK).length;
}
