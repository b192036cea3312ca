/** Takes known secrets out of anything that will be shown, logged or kept as evidence. */

export interface Redactor {
  /** From now on this text is taken out; empty and null are ignored. */
  add(secret: string | null | undefined): void;
  /** The text without secrets, on one line, without control characters, at most `max` characters. */
  clean(text: string, max?: number): string;
}

const MASK = '•••';
/** A cut-off reply may end inside a secret; shorter beginnings tell nothing. */
const SHORTEST_TAIL = 3;

/** The ways in which devices write a text back: as it is, in JSON (also all-ASCII), in XML, in a URL, in Base64. */
export function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[^\x20-\x7e]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const slashes = json.replaceAll('/', '\\/');
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;');
  const url = encodeURIComponent(secret.toWellFormed());
  const base64 = Buffer.from(secret, 'utf8').toString('base64');
  return [secret, json, ascii, slashes, xml, quoted, url, base64];
}

/** A redactor that knows no secrets yet. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  // Made when there is something to clean: most connections never have.
  let known: string[] | null = null;
  return {
    add(secret) {
      if (!secret) return;
      secrets.add(secret);
      known = null;
    },
    clean(text, max = 240) {
      known ??= [...new Set([...secrets].flatMap(spellings))].sort((a, b) => b.length - a.length);
      let clean = text;
      for (const secret of known) clean = clean.replaceAll(secret, MASK);
      for (const secret of known) clean = withoutTail(clean, secret);
      clean = clean
        .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
        .replace(/ {2,}/g, ' ')
        .trim();
      return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean;
    },
  };
}

function withoutTail(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= SHORTEST_TAIL; length--)
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + MASK;
  return text;
}
