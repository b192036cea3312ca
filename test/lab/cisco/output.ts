/** How the shell (tsh) prints replies in its output modes; JSON after Cisco's own client jsxapi. */
import type { Codec } from './model.ts';
import type { Reply } from './request.ts';
import { type Element, element, grouped } from './tree.ts';
import { buildXml, illegalValue, replyDocument } from './xml.ts';

export type OutputMode = 'terminal' | 'xml' | 'json';

/** `resultId` is undefined when the request carried no tag. */
export function print(mode: OutputMode, reply: Reply, resultId: string | undefined, codec: Codec): string {
  if (mode === 'json') return printJson(reply, resultId);
  if (mode === 'terminal') return printTerminal(reply, resultId);
  const root = replyDocument(reply, codec);
  return `${buildXml(element('XmlDoc', [root], resultId === undefined ? {} : { resultId }))}\n`;
}

function printJson(reply: Reply, resultId: string | undefined): string {
  const members = Object.entries(jsonBody(reply)).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  if (resultId !== undefined) members.push(`"ResultId": ${JSON.stringify(resultId)}`);
  return `{\n  ${members.join('\n  ,')}\n}\n`;
}

function jsonBody(reply: Reply): Record<string, unknown> {
  switch (reply.kind) {
    case 'command':
      return { CommandResponse: { [reply.result.name]: jsonValue(reply.result) } };
    case 'document':
      return { [reply.root.name]: jsonValue(reply.root) };
    case 'set':
      return {};
    case 'no-match': {
      const error = { status: 'Error', id: '1', Reason: { Value: 'No match on address expression' } };
      return { CommandResponse: { [reply.document]: { ...error, XPath: { Value: reply.xpath } } } };
    }
    case 'illegal-value':
      return { Configuration: jsonValue(illegalValue(reply.path)) };
  }
}

/** Leaves are `{"Value": text}`, lists are arrays with `id`, attributes are members in lower case. */
function jsonValue(from: Element): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  if (from.item !== undefined) value.id = String(from.item);
  Object.assign(value, from.attributes);
  if (from.text !== undefined) value.Value = from.text;
  for (const [name, group] of grouped(from.children)) {
    const values = group.map(jsonValue);
    value[name] = group[0]?.item === undefined ? values[0] : values;
  }
  return value;
}

/** A command says OK first and its lines after; a get or set says OK last. */
function printTerminal(reply: Reply, resultId: string | undefined): string {
  const end = `${resultId === undefined ? '' : `** resultId: "${resultId}"\n`}** end\n`;
  switch (reply.kind) {
    case 'command': {
      const { name, attributes } = reply.result;
      const status = attributes.status ?? '';
      const head = `*r ${name} (status=${status}):\n`;
      return `\n${status === 'OK' ? 'OK' : 'ERROR'}\n${head}${lines('*r', reply.result)}${end}`;
    }
    case 'document':
      return `${lines(reply.root.name === 'Status' ? '*s' : '*c', reply.root, '')}${end}\nOK\n`;
    case 'set':
      return `${end}\nOK\n`;
    case 'no-match': {
      const reason = `Reason: "No match on address expression"\n*e XPath: "${reply.xpath}"\n`;
      return `*e Error: ${reason}${end}\nERROR\n`;
    }
    case 'illegal-value':
      return `*e ${reply.path.join(' ')} (error=True): "Illegal value"\n${end}\nERROR\n`;
  }
}

function lines(mark: string, from: Element, prefix = from.name): string {
  return from.children
    .map((child) => {
      const path = [prefix, child.name, child.item].filter((word) => word !== undefined && word !== '').join(' ');
      return child.text === undefined ? lines(mark, child, path) : `${mark} ${path}: ${quoted(child.text)}\n`;
    })
    .join('');
}

/** Numbers, True, False and words such as On go bare; texts in quotes. */
function quoted(text: string): string {
  return /^(-?\d+|True|False|On|Off)$/.test(text) ? text : `"${text}"`;
}
