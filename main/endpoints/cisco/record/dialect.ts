/** How what codecs say is disguised. */
import type { Dialect } from '../../record/disguise/dialect.ts';
import { kindBy } from '../../record/disguise/kinds.ts';
import { CODEC_PLACES } from './places.ts';
import { disguiseProgram } from './program.ts';
import { rewriteShell } from './shellText.ts';
import { CODEC_WORDS } from './words.ts';

/** What a codec says of itself (recorded banners): its release, and how the login went. */
const OWN_LINES =
  /^(\s*|OK|ERROR|\*\* end|\*r Login successful|SW Release Date: .*|(Cisco Codec Release|TANDBERG Codec Release|Spark Room OS|RoomOS) .*|Command not recognized\.)$/;

export const codecDialect: Dialect = {
  words: CODEC_WORDS,
  kindAt: (path, value) => kindBy(CODEC_PLACES, path, value),
  shell: rewriteShell,
  sent: (text, { request }) => recount(request(text)),
  isOwnLine: (line) => OWN_LINES.test(line),
  greeting(line, { plain, text }) {
    const [, said = '', rest = ''] = /^(Welcome to |Last login from )(.*)$/.exec(line) ?? [];
    if (said.startsWith('Last')) return said + plain(rest);
    return said + text(said ? rest : line, said ? 'name' : 'text');
  },
  program: disguiseProgram,
};

/** `{N} ` before a multi-line request is the count of the bytes behind it. */
function recount(sent: string): string {
  const [whole, rest] = /^\{\d+\} \n([\s\S]*)$/.exec(sent) ?? [];
  return whole === undefined || rest === undefined ? sent : `{${Buffer.byteLength(rest)}} \n${rest}`;
}
