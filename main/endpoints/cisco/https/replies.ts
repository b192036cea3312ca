/**
 * What a document from a codec means. Errors come with HTTP 200, so only what is known as success counts as one.
 * Source: recordings of public clients, see the tests; the error to a refused setting was not seen [assumed]. Pure.
 */
import { OtjError } from '../../../contract/errors.ts';
import { commandResult, failureIn, isRecord, leaf, refusal, sole, subtree } from '../xapi.ts';

type Document = Record<string, unknown>;

/** The result of a command, without wrappers. Throws REFUSED with the codec's reason, ODD_REPLY. */
export function readResult(document: Document, path: string): Record<string, unknown> {
  refuseActionError(document, path);
  const Command = sole(document.Command);
  if (isRecord(Command)) {
    refuseActionError(Command, path);
    if (isError(Command)) throw refusal(path, Command);
    const isEmpty = !Object.values(Command).some((value) => typeof value === 'object');
    if (isEmpty) throw new OtjError('ODD_REPLY', `${path}: the codec answered <Command/> and nothing in it`);
  }
  return commandResult({ CommandResponse: Command }, path);
}

/** The subtree at `path`; undefined when the codec has no value there. Throws REFUSED, ODD_REPLY. */
export function readSubtree(document: Document, tree: 'Status' | 'Configuration', path: string): unknown {
  // [assumed] name of the answer for a place without any value.
  if ('EmptyResult' in document) return undefined;
  refuseActionError(document, path);
  if (!(tree in document)) {
    const failure = failureIn(document);
    if (failure) throw refusal(`${tree} ${path}`, failure);
    throw new OtjError('ODD_REPLY', `${tree} ${path}: the codec answered <${Object.keys(document).join()}>`);
  }
  const node = subtree(document, tree, path);
  const own = sole(node);
  if (isRecord(own) && isError(own)) throw refusal(`${tree} ${path}`, own);
  return node;
}

/** Throws REFUSED with the codec's reason, or ODD_REPLY, unless the setting was accepted. */
export function readSet(document: Document, path: string): void {
  refuseActionError(document, path);
  const failure = failureIn(document);
  if (failure) throw refusal(path, failure);
  const Configuration = sole(document.Configuration);
  if (!isRecord(Configuration) || !('Success' in Configuration))
    throw new OtjError('ODD_REPLY', `${path}: the codec answered no <Success/>`);
}

function isError(node: Record<string, unknown>): boolean {
  return leaf(node.status)?.toLowerCase() === 'error';
}

function refuseActionError(document: Document, path: string): void {
  if ('ActionError' in document) throw refusal(path, document.ActionError);
}
