/**
 * Takes everything out of raw exchanges that tells whose codec it was. First all answers are read for what names somebody;
 * then every text is replaced by what stands at its place (kinds.ts), and what names somebody wherever else it stands.
 */
import type { Exchange, HttpExchange } from '../recording.ts';
import { type Kind, kindAt, TELLING } from './kinds.ts';
import { type Rewriter, rewriteShell, rewriteXml } from './leaves.ts';
import { type Known, Originals } from './originals.ts';
import { disguiseProgram } from './program.ts';
import { StandIns } from './standIns.ts';
import { Vocabulary } from './words.ts';

export interface Disguised {
  exchanges: Exchange[];
  counts: Record<string, number>;
  /** Kind of an original that is still there; null = none is. */
  left: string | null;
}

/**
 * @param known what names the customer, from elsewhere than the answers
 * @param beside texts that go with the exchanges as they are: they are only looked through
 */
export function disguise(
  exchanges: readonly Exchange[],
  known: readonly Known[],
  beside: readonly string[] = [],
): Disguised {
  const vocabulary = new Vocabulary();
  const found: Known[] = [...known];
  const looking: Rewriter = {
    name: (name) => vocabulary.add(name),
    leaf(value, path) {
      const kind = kindAt(path, value);
      if (kind === 'public') vocabulary.add(value);
      else if (TELLING.has(kind)) found.push({ text: value, kind });
      else if (kind === 'text') found.push(...hostsIn(value).map((text) => ({ text, kind: 'host' })));
      return value;
    },
    line: (line) => line,
    request: (text) => text,
  };
  for (const exchange of exchanges) rewrite(exchange, looking);
  const texts = exchanges.flatMap(textsOf);
  const macs = found.flatMap(({ kind, text }) => (kind === 'mac' ? text : []));
  const all = new Originals(found, vocabulary);
  const originals = all.within(texts);
  const mask = new Mask(new StandIns(vocabulary, macs), originals);
  const disguised = exchanges.map((exchange) => mask.over(exchange));
  return {
    exchanges: disguised,
    counts: mask.standIns.counts,
    left: leftIn(disguised, all.within([...beside, ...disguised.flatMap(textsOf)]), beside),
  };
}

/** A name with a dot in it. */
const HOST = /[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

function hostsIn(text: string): string[] {
  return (text.match(HOST) ?? []).filter((host) => /\p{L}/u.test(host));
}

class Mask {
  readonly standIns: StandIns;
  private readonly originals: Originals;

  constructor(standIns: StandIns, originals: Originals) {
    this.standIns = standIns;
    this.originals = originals;
  }

  over(exchange: Exchange): Exchange {
    const greeting = exchange.over === 'ssh' && exchange.read === 'open';
    return rewrite(exchange, {
      name: () => undefined,
      leaf: (value, path) => this.leaf(value, kindAt(path, value)),
      line: (line) => (greeting ? this.greeting(line) : this.plain(line)),
      request: (text) => this.plain(text),
    });
  }

  private leaf(value: string, kind: Kind): string {
    switch (kind) {
      case 'public':
        return value;
      case 'plain':
        return this.plain(value);
      case 'message':
        return this.plain(value).replace(HOST, (host) => this.standIns.ofText(host, 'host'));
      case 'zone':
        return 'Etc/UTC';
      case 'program':
        return disguiseProgram(value, {
          text: (text) => this.standIns.ofText(text, 'macro text'),
          known: (code) => this.plain(code),
        });
      default:
        return this.standIns.ofText(value, kind);
    }
  }

  private plain(text: string): string {
    const withoutKnown = this.originals.replaceIn(text, (original, kind) => this.standIns.ofText(original, kind));
    return this.standIns.ofForms(withoutKnown);
  }

  /** The owner may have written anything there. */
  private greeting(line: string): string {
    if (OWN_LINES.test(line)) return line;
    const [, said = '', rest = ''] = /^(Welcome to |Last login from )(.*)$/.exec(line) ?? [];
    if (said.startsWith('Last')) return said + this.plain(rest);
    return said + this.standIns.ofText(said ? rest : line, said ? 'name' : 'text');
  }
}

/** What a codec says of itself (recorded banners): its release, and how the login went. */
const OWN_LINES =
  /^(\s*|OK|ERROR|\*\* end|\*r Login successful|SW Release Date: .*|(Cisco Codec Release|TANDBERG Codec Release|Spark Room OS|RoomOS) .*|Command not recognized\.)$/;

/** The exchange with every text rewritten; bodies keep the count of their bytes right. */
function rewrite(exchange: Exchange, rewriter: Rewriter): Exchange {
  if (exchange.over === 'ssh')
    return { ...exchange, sent: recount(rewriter.request(exchange.sent)), said: rewriteShell(exchange.said, rewriter) };
  const { reply } = exchange;
  return {
    ...exchange,
    path: rewriter.request(exchange.path),
    body: exchange.body === null ? null : rewriteXml(exchange.body, rewriter),
    reply: reply && { ...reply, headers: rewriteHeaders(reply.headers, rewriter), said: rewriteBody(reply, rewriter) },
  };
}

type Reply = NonNullable<HttpExchange['reply']>;

function rewriteBody({ said }: Reply, rewriter: Rewriter): string {
  if (/^\s*</.test(said)) return rewriteXml(said, rewriter);
  return said
    .split('\n')
    .map((line) => rewriter.line(line))
    .join('\n');
}

/** Of a cookie its value goes; how long it lives and where it counts stays. */
function rewriteHeaders(headers: Reply['headers'], rewriter: Rewriter): Reply['headers'] {
  const one = (name: string, value: string) =>
    name === 'set-cookie'
      ? value.replace(
          /^([^=]*=)([^;]*)/,
          (_all, start: string, cookie: string) => start + rewriter.leaf(cookie, 'Cookie'),
        )
      : rewriter.line(value);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((each) => one(name, each)) : one(name, value),
    ]),
  );
}

/** `{N} ` before a multi-line request is the count of the bytes behind it. */
function recount(sent: string): string {
  const [whole, rest] = /^\{\d+\} \n([\s\S]*)$/.exec(sent) ?? [];
  return whole === undefined || rest === undefined ? sent : `{${Buffer.byteLength(rest)}} \n${rest}`;
}

/** Looked for in the same places, with the public ones left out: a model is no customer's name. */
function leftIn(exchanges: readonly Exchange[], originals: Originals, beside: readonly string[]): string | null {
  let left: string | null = null;
  const look = (text: string) => {
    left ??= originals.findIn(text);
    return text;
  };
  const scanner: Rewriter = {
    name: () => undefined,
    leaf: (value, path) => (kindAt(path, value) === 'public' ? value : look(value)),
    line: (line) => (OWN_LINES.test(line) ? line : look(line)),
    request: look,
  };
  for (const exchange of exchanges) rewrite(exchange, scanner);
  for (const text of beside) look(text);
  return left;
}

function textsOf(exchange: Exchange): string[] {
  const texts: string[] = [];
  const note = (text: string) => {
    texts.push(text);
    return text;
  };
  rewrite(exchange, { name: () => undefined, leaf: note, line: note, request: note });
  return texts;
}
