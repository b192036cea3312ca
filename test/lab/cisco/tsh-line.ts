/** One line of the shell: `xCommand A B Name: "value" | resultId="7"`. */
import type { Request } from './request.ts';
import { pathWords } from './tree.ts';

export interface Line {
  /** Absent when the line is not of the xAPI. */
  request?: Request;
  resultId?: string;
}

const TAG = /\s*\|\s*resultId\s*=\s*"?([^"|]*)"?\s*$/i;
const KINDS: Record<string, 'command' | 'Status' | 'Configuration'> = {
  xcommand: 'command',
  xcom: 'command',
  xstatus: 'Status',
  xstat: 'Status',
  xconfiguration: 'Configuration',
  xconfig: 'Configuration',
};

export function parseLine(line: string): Line {
  const tag = TAG.exec(line);
  const text = tag ? line.slice(0, tag.index) : line;
  const [word = '', rest = ''] = splitFirst(text);
  const kind = KINDS[word.toLowerCase()];
  if (!kind) return {};
  const resultId = tag?.[1] === undefined ? {} : { resultId: tag[1] };
  const { path, params } = parseArguments(rest);
  if (kind === 'command') return { request: { kind, path, params }, ...resultId };
  const [value] = params;
  if (kind === 'Configuration' && value) {
    return { request: { kind: 'set', path: [...path, value[0]], value: value[1] }, ...resultId };
  }
  return { request: { kind: 'get', document: kind, path }, ...resultId };
}

function splitFirst(text: string): [string, string] {
  const match = /^\s*(\S+)\s*([\s\S]*)$/.exec(text);
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

/** Names with a colon are parameters; quotes escape like JSON; a bare value ends at a space. */
const PARAMETER = /([A-Za-z][\w.]*):\s*("(?:[^"\\]|\\.)*"|[^\s"]*)/y;
const WORD = /[^\s:]+/y;

function parseArguments(text: string): { path: string[]; params: [string, string][] } {
  const path: string[] = [];
  const params: [string, string][] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    PARAMETER.lastIndex = at;
    const parameter = PARAMETER.exec(text);
    if (parameter) {
      params.push([parameter[1] ?? '', unquote(parameter[2] ?? '')]);
      at = PARAMETER.lastIndex;
      continue;
    }
    WORD.lastIndex = at;
    const word = WORD.exec(text);
    // A word after parameters belongs to none: it makes the command illegal, so it goes on as a nameless parameter.
    if (word && params.length === 0) path.push(...pathWords(word[0]));
    else params.push(['', word?.[0] ?? '']);
    at = word ? WORD.lastIndex : at + 1;
  }
  return { path, params };
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
}
