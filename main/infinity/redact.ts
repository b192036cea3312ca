/** Keeps what was sent in confidence out of words that people, logs and reports see. */
import type { ErrorBody } from './errorBody.ts';

const MAX_WORDS = 500;

/** Replaces each secret in any of the forms in which a server may echo it: as is, JSON, URL or HTML encoded. */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = new Set(secrets.flatMap(formsOf));
  return [...forms]
    .filter((form) => form !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((words, form) => words.replaceAll(form, '***'), text);
}

/** The words of an error body on one line, redacted, at most 500 characters. */
export function wordsOf({ items }: ErrorBody, secrets: readonly string[]): string {
  // redacted before shortening: half a password would no longer be found
  const all = items
    .map(({ field, text }) => redact(field === null ? text : `${field}: ${text}`, secrets))
    .join('; ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters of a server must not reach a terminal
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
  return all.length > MAX_WORDS ? `${all.slice(0, MAX_WORDS - 1)}…` : all;
}

/** Values in a request body that nobody may read in a message. */
export function secretsIn(body: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(body).flatMap(([field, value]) =>
    /password|secret|token/i.test(field) && typeof value === 'string' ? [value] : [],
  );
}

function formsOf(secret: string): string[] {
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    html,
    html.replaceAll("'", '&#x27;'),
    html.replaceAll("'", '&#39;'),
  ];
}
