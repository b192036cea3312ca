/** What the documents posted to `/putxml` ask for, and the answers. */
import { execute, findCommand } from './execute.ts';
import type { Codec } from './model.ts';
import type { Caller, Reply, Request } from './request.ts';
import { type Element, element, leaf } from './tree.ts';
import { parseXml, replyDocument } from './xml.ts';

const NO_ACTION = actionError('No action detected in document');

export function actionError(reason: string): Element {
  return element('ActionError', [leaf('Reason', reason)]);
}

/** The requests of a document, in order; none when it holds nothing that the device knows. */
export function readRequests(codec: Codec, body: string): Request[] {
  const root = parseXml(body);
  if (root?.name === 'Command') return root.children.flatMap((child) => commands(codec, child, []));
  if (root?.name === 'Configuration') return root.children.flatMap((child) => settings(child, []));
  return [];
}

/** The command is where `command="True"` stands; devices are also seen to take known paths without it. */
function commands(codec: Codec, here: Element, above: readonly string[]): Request[] {
  const path = [...above, here.name];
  const marked = here.attributes.command?.toLowerCase() === 'true';
  if (!marked && !findCommand(codec, path)) return here.children.flatMap((child) => commands(codec, child, path));
  const body = here.children.find((child) => child.name === 'body')?.text;
  const params = here.children
    .filter((child) => child.name !== 'body')
    .map((child) => [child.name, child.text ?? ''] as const);
  return [{ kind: 'command', path, params, ...(body === undefined ? {} : { body }) }];
}

function settings(here: Element, above: readonly string[]): Request[] {
  const number = here.attributes.item;
  const path = [...above, here.name, ...(number === undefined ? [] : [number])];
  if (here.children.length > 0) return here.children.flatMap((child) => settings(child, path));
  return [{ kind: 'set', path, value: here.text ?? '' }];
}

/** As a person would type it; the `dropOnce` fault looks here, so that one text fits both transports. */
export function asTyped(request: Request): string {
  const path = request.path.join(' ');
  if (request.kind === 'get') return `x${request.document} ${path}`;
  if (request.kind === 'set') return `xConfiguration ${path}: ${request.value}`;
  return ['xCommand', path, ...request.params.map(([name, value]) => `${name}: "${value}"`)].join(' ');
}

/** Runs all; several commands of one document answer in one document. */
export async function runRequests(codec: Codec, caller: Caller, requests: readonly Request[]): Promise<Element> {
  const replies: Reply[] = [];
  for (const request of requests) replies.push(await execute(codec, caller, request));
  const results = replies.flatMap((reply) => (reply.kind === 'command' ? [reply.result] : []));
  if (results.length > 0) return element('Command', results);
  const reply = replies.find((one) => one.kind !== 'set') ?? replies[0];
  return reply ? replyDocument(reply, codec) : NO_ACTION;
}
