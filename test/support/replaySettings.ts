/** Answers to questions for settings that were not asked in these very words, made of the answers that were recorded. */
import type { HttpExchange } from '../../main/endpoints/record/recording.ts';

type Reply = NonNullable<HttpExchange['reply']>;
const TRIO_PATH = '/api/v1/mgmt/config/get';

interface Row {
  name: string;
}

/** Null = it is no such question, or nothing was recorded of its kind. */
export function settingsAnswer(exchanges: readonly HttpExchange[], path: string, body: string): Reply | null {
  if (path !== '/rest/config' && path !== TRIO_PATH) return null;
  const replies = exchanges.flatMap((one) => (one.path === path && one.reply?.status === 200 ? [one.reply] : []));
  const [like] = replies;
  if (!like) return null;
  const said = replies.map(({ said }) => JSON.parse(said) as Record<string, unknown>);
  if (path === '/rest/config') {
    const { names } = JSON.parse(body) as { names?: string[] };
    const rows = new Map(said.flatMap(({ vars }) => (vars as Row[]).map((row) => [row.name.toLowerCase(), row])));
    const absent = rows.get('otj.nothing');
    const vars = (names ?? []).flatMap((name) => rows.get(name.toLowerCase()) ?? (absent ? [{ ...absent, name }] : []));
    return names ? { ...like, said: JSON.stringify({ ...said[0], vars }) } : null;
  }
  const { data: names } = JSON.parse(body) as { data: string[] };
  const values = Object.assign({}, ...said.map(({ data }) => data)) as Record<string, unknown>;
  const data = Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
  return { ...like, said: JSON.stringify({ ...said[0], data }) };
}
