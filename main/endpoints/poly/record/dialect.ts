/** How what Poly devices say is disguised. */
import type { Dialect } from '../../record/disguise/dialect.ts';
import { kindBy } from '../../record/disguise/kinds.ts';
import { CLI_SETTINGS } from '../cli/commands.ts';
import { isOwnLine, rewriteCli } from './cliText.ts';
import { POLY_PLACES, POLY_WORDS } from './places.ts';

export const polyDialect: Dialect = {
  words: [...POLY_WORDS, ...CLI_SETTINGS.map(({ root }) => root)],
  kindAt: (path, value) => kindBy(POLY_PLACES, path, value),
  shell: rewriteCli,
  sent: (text, { request }) => request(text),
  isOwnLine,
  placeOf: (path) => path.replace(/^\//, '').replace(/\?.*$/s, ''),
};
