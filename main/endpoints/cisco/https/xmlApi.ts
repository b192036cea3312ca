/** The xAPI over a codec's web server: documents to /putxml, subtrees from /getxml, in one session. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OtjError } from '../../../contract/errors.ts';
import type { Link } from '../../driver.ts';
import type { HttpLink } from '../../transports/http.ts';
import { isReadOnlyCommand } from '../readOnlyCommands.ts';
import type { Xapi, XapiParams, XapiValue } from '../xapi.ts';
import { readResult, readSet } from './replies.ts';
import type { Ask, WebTarget } from './sender.ts';
import { WebSession } from './session.ts';
import { SubtreeReads } from './subtreeReads.ts';
import { XmlReader } from './xmlReply.ts';
import { commandDocument, configurationDocument } from './xmlRequest.ts';

/** Read in one go; what is longer lets other work in between. */
const PIECE_CHARS = 256 * 1024;

export class XmlApi implements Xapi {
  readonly link: Link;
  private readonly session: WebSession;
  private readonly reads: SubtreeReads;

  private constructor(session: WebSession) {
    this.session = session;
    this.link = { transport: 'https', weakness: session.weakness };
    this.reads = new SubtreeReads((what, location) =>
      this.read(what, () => ({ method: 'GET', path: `/getxml?location=${location()}`, repeatable: true })),
    );
  }

  /**
   * Signs in, with one try. The signal counts until then: later the caller decides where work may stop.
   * @param options.renew whether a session that the codec has ended may be begun anew for a reading: another login
   * @param options.tap listens in on the link
   * Throws as `WebSession.begin`.
   */
  static async start(
    target: WebTarget,
    signal: AbortSignal,
    { renew = true, tap }: { renew?: boolean; tap?: (link: HttpLink) => HttpLink } = {},
  ): Promise<XmlApi> {
    return new XmlApi(await WebSession.begin(target, { renew, ...(tap ? { tap } : {}) }, signal));
  }

  get(tree: 'Status' | 'Configuration', path: string): Promise<unknown> {
    return this.reads.get(tree, path);
  }

  async command(path: string, params: XapiParams = {}, body?: string): Promise<Record<string, unknown>> {
    const repeatable = isReadOnlyCommand(path);
    return readResult(await this.put(path, commandDocument(path, params, body), repeatable), path);
  }

  async set(path: string, value: XapiValue): Promise<void> {
    readSet(await this.put(path, configurationDocument(path, value), false), path);
  }

  close(): Promise<void> {
    return this.session.close();
  }

  private put(what: string, body: string, repeatable: boolean): Promise<Record<string, unknown>> {
    this.reads.seal();
    return this.read(what, () => ({ method: 'POST', path: '/putxml', body, repeatable }));
  }

  private async read(what: string, ask: () => Ask): Promise<Record<string, unknown>> {
    const text = await this.session.ask(ask);
    const reader = new XmlReader();
    for (let at = 0; at < text.length; at += PIECE_CHARS) {
      if (!reader.push(text.slice(at, at + PIECE_CHARS))) break;
      if (text.length > PIECE_CHARS) await nextTurn();
    }
    const read = reader.end();
    if (!read.ok) throw new OtjError('ODD_REPLY', `${what}: ${read.why}`);
    return read.reply;
  }
}
