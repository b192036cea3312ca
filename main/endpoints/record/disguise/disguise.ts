/**
 * Takes everything out of raw exchanges that tells whose device it was. First all answers are read for what names somebody;
 * then every text is replaced by what stands at its place (kinds.ts), and what names somebody wherever else it stands.
 */
import type { Exchange, HttpExchange } from '../recording.ts';
import { withoutCertificates } from './certificates.ts';
import type { Dialect } from './dialect.ts';
import { type Kind, TELLING } from './kinds.ts';
import { type Rewriter, rewriteJson, rewriteXml } from './leaves.ts';
import { type Known, Originals } from './originals.ts';
import { isEverybodys, StandIns } from './standIns.ts';
import { Vocabulary } from './words.ts';

export interface Disguised {
  exchanges: Exchange[];
  counts: Record<string, number>;
  /** Kind of an original that is still there; null = none is. */
  left: string | null;
}

/**
 * @param dialect of the device's family
 * @param known what names the customer, from elsewhere than the answers
 * @param beside texts that go with the exchanges as they are: they are only looked through
 */
export function disguise(
  dialect: Dialect,
  exchanges: readonly Exchange[],
  known: readonly Known[],
  beside: readonly string[] = [],
): Disguised {
  const vocabulary = new Vocabulary(dialect.words);
  const found: Known[] = [...known];
  const looking: Rewriter = {
    name: (name) => vocabulary.add(name),
    leaf(value, path) {
      const kind = dialect.kindAt(path, value);
      if (kind === 'public') vocabulary.add(value);
      else if (TELLING.has(kind) && !isEverybodys(value)) found.push({ text: value, kind });
      else if (kind === 'text') found.push(...hostsIn(value).map((text) => ({ text, kind: 'host' })));
      return value;
    },
    line: (line) => line,
    request: (text) => text,
  };
  for (const exchange of exchanges) rewrite(dialect, exchange, looking);
  const textsOf = (some: readonly Exchange[]) => some.flatMap((one) => textsIn(dialect, one));
  const texts = textsOf(exchanges);
  const macs = found.flatMap(({ kind, text }) => (kind === 'mac' ? text : []));
  const all = new Originals(found, vocabulary);
  const originals = all.within(texts);
  const mask = new Mask(dialect, new StandIns(vocabulary, macs), originals);
  const disguised = exchanges.map((exchange) => mask.over(exchange));
  return {
    exchanges: disguised,
    counts: mask.standIns.counts,
    left: leftIn(dialect, disguised, all.within([...beside, ...textsOf(disguised)]), beside),
  };
}

/** A name with a dot in it. */
const HOST = /[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

function hostsIn(text: string): string[] {
  return (text.match(HOST) ?? []).filter((host) => /\p{L}/u.test(host));
}

class Mask {
  readonly standIns: StandIns;
  private readonly dialect: Dialect;
  private readonly originals: Originals;

  constructor(dialect: Dialect, standIns: StandIns, originals: Originals) {
    this.dialect = dialect;
    this.standIns = standIns;
    this.originals = originals;
  }

  over(exchange: Exchange): Exchange {
    const greets = exchange.over !== 'https' && exchange.read === 'open';
    return rewrite(this.dialect, exchange, {
      name: () => undefined,
      leaf: (value, path) => this.leaf(value, this.dialect.kindAt(path, value)),
      line: (line) => (greets ? this.greeting(line) : this.plain(line)),
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
      case 'certificate':
        return withoutCertificates(value, (text) => this.standIns.ofText(text, kind));
      case 'program':
        return this.program(value);
      default:
        return this.standIns.ofText(value, kind);
    }
  }

  private plain(text: string): string {
    const withoutKnown = this.originals.replaceIn(text, (original, kind) => this.standIns.ofText(original, kind));
    return this.standIns.ofForms(withoutKnown);
  }

  private program(content: string): string {
    const text = (words: string) => this.standIns.ofText(words, 'macro text');
    return this.dialect.program?.(content, { text, known: (code) => this.plain(code) }) ?? text(content);
  }

  private greeting(line: string): string {
    if (this.dialect.isOwnLine(line)) return line;
    const words = {
      plain: (text: string) => this.plain(text),
      text: (text: string, kind: string) => this.standIns.ofText(text, kind),
    };
    return this.dialect.greeting?.(line, words) ?? this.plain(line);
  }
}

/** The exchange with every text rewritten; bodies keep the count of their bytes right. */
function rewrite(dialect: Dialect, exchange: Exchange, rewriter: Rewriter): Exchange {
  if (exchange.over !== 'https')
    return {
      ...exchange,
      sent: dialect.sent(exchange.sent, rewriter),
      said: dialect.shell(exchange.said, rewriter),
    };
  const { reply, body } = exchange;
  const place = dialect.placeOf?.(exchange.path);
  const inside = place === undefined ? rewriter : below(place, rewriter);
  return {
    ...exchange,
    path: rewriter.request(exchange.path),
    body: body === null ? null : rewriteBody(body, inside),
    reply: reply && {
      ...reply,
      headers: rewriteHeaders(reply.headers, rewriter),
      said: rewriteBody(reply.said, inside),
    },
  };
}

/** Everything below a place. */
function below(place: string, rewriter: Rewriter): Rewriter {
  return { ...rewriter, leaf: (value, path) => rewriter.leaf(value, `${place}/${path}`) };
}

type Reply = NonNullable<HttpExchange['reply']>;

function rewriteBody(said: string, rewriter: Rewriter): string {
  if (/^\s*</.test(said)) return rewriteXml(said, rewriter);
  if (isJson(said)) return rewriteJson(said, rewriter);
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

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Looked for in the same places, with the public ones left out: a model is no customer's name. */
function leftIn(
  dialect: Dialect,
  exchanges: readonly Exchange[],
  originals: Originals,
  beside: readonly string[],
): string | null {
  let left: string | null = null;
  const look = (text: string) => {
    left ??= originals.findIn(text);
    return text;
  };
  const scanner: Rewriter = {
    name: () => undefined,
    leaf: (value, path) => (dialect.kindAt(path, value) === 'public' ? value : look(value)),
    line: (line) => (dialect.isOwnLine(line) ? line : look(line)),
    request: look,
  };
  for (const exchange of exchanges) rewrite(dialect, exchange, scanner);
  for (const text of beside) look(text);
  return left;
}

function textsIn(dialect: Dialect, exchange: Exchange): string[] {
  const texts: string[] = [];
  const note = (text: string) => {
    texts.push(text);
    return text;
  };
  rewrite(dialect, exchange, { name: () => undefined, leaf: note, line: note, request: note });
  return texts;
}
