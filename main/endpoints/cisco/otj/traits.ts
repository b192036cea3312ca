/** What tells a macro from others, as far as it can be seen in itself: signs found, with where they stand. Pure. */
import type { AnyNode } from 'acorn';
import { TooTangled } from './budget.ts';
import { type Calls, type Reach, reachOf, type Value } from './flow.ts';
import { exportNamesOf, type Import, importsOf, isPassive } from './imports.ts';
import { commandIn, commandOf, commandWords, isWhole, pathOf, textOf } from './paths.ts';
import { type Program, plainText, readProgram } from './program.ts';
import { type Reason, SIGNATURES, type Sign } from './signatures.ts';
import { asciiLower, fromBase64, hasHost, hostsIn } from './texts.ts';

/** Where a sign stands, in UTF-16 units of the content. */
export interface Mark {
  from: number;
  to: number;
  reason: string;
}

export interface Finding extends Reason {
  marks: Mark[];
}

export interface Traits {
  /** In lower case. */
  name: string;
  program: Program | null;
  /** There may be a program, which is too much to be followed. */
  tangled: boolean;
  findings: Finding[];
  /** Its code gives a host of the Service to a request, or imports the settings of the package. */
  linked: boolean;
  /** What other macros can have of it that holds a host of the Service. */
  linkExports: Reach['exports'];
  /** A host of the Service is in its code in some form, though nothing is known to come of it. */
  hinted: boolean;
  /** Its code writes the list of meetings. */
  writes: boolean;
  /** It has exactly a name of the package. */
  named: boolean;
  /** What makes it another product's. */
  veto: Finding | null;
  imports: Import[];
  exportNames: string[];
  passive: boolean;
}

const { signs, mention, hidden, never, requests, shown } = SIGNATURES;
export const CALLS: Calls = {
  requests: new Set(requests.map((one) => commandWords(one).join(' '))),
  shown: { functions: new Set(shown.functions), branches: new Set(shown.branches) },
};
/** More places of one sign help nobody. */
const MOST_MARKS = 100;

/** Never throws: what cannot be followed as a program is looked at as a text. */
export function traitsOf(name: string, content: string): Traits {
  try {
    return new Look(name, content, readProgram(content)).traits;
  } catch (error) {
    const { traits } = new Look(name, content, null);
    return { ...traits, tangled: error instanceof TooTangled };
  }
}

/** Whether a program calls out to hosts at all: what it does with a host's name is no call otherwise. */
export function callsOut({ nodes }: Program): boolean {
  return nodes.some((node) =>
    node.type === 'Identifier' ? node.name === 'HttpClient' : commandWords(plainText(node) ?? '')[0] === 'httpclient',
  );
}

class Look {
  readonly traits: Traits;
  private readonly lower: string;
  private readonly nameWords: ReadonlySet<string>;
  /** Texts of the code that stand in one piece. */
  private readonly texts: { node: AnyNode; text: string }[];

  constructor(name: string, content: string, program: Program | null) {
    this.lower = asciiLower(content);
    this.nameWords = new Set(asciiLower(name).split(/[^a-z0-9]+/));
    this.texts = (program?.nodes ?? []).flatMap((node) => {
      const text = node.type === 'TemplateLiteral' ? null : plainText(node);
      return text ? { node, text: asciiLower(text) } : [];
    });
    this.traits = {
      name: asciiLower(name),
      program,
      tangled: false,
      findings: [],
      linked: false,
      linkExports: new Map(),
      hinted: false,
      writes: false,
      named: false,
      veto: this.vetoed(),
      imports: program ? importsOf(program) : [],
      exportNames: program ? exportNamesOf(program) : [],
      passive: program !== null && isPassive(program),
    };
    for (const sign of signs) this.look(sign);
  }

  private look(sign: Sign): void {
    const { host, command, equals, word, text } = sign;
    if (host) this.forHost(sign, host);
    else if (command) this.forCommand(sign, commandWords(command));
    else if (sign.in === 'imports') this.forImport(sign, equals ?? '');
    else if (sign.in === 'name') this.forName(sign, equals, word);
    else if (text) this.found(sign, this.placesOf(asciiLower(text), sign.reason));
  }

  private found({ points, reason }: Reason, marks: Mark[], anyway = false): void {
    if (marks.length > 0 || anyway) this.traits.findings.push({ points, reason, marks: marks.slice(0, MOST_MARKS) });
  }

  private forName(sign: Sign, equals: string | undefined, word: string | undefined): void {
    const { name } = this.traits;
    const isIt = equals ? name === equals : word !== undefined && this.nameWords.has(word);
    if (isIt) this.found(sign, [], true);
    if (isIt && sign.proves === 'purpose') this.traits.named = true;
  }

  private forImport(sign: Sign, name: string): void {
    const marks = this.traits.imports.filter((one) => one.name === name).map(({ source }) => markOf(source, sign));
    this.found(sign, marks);
    if (marks.length > 0 && sign.proves === 'link') this.traits.linked = true;
  }

  private forHost(sign: Sign, host: string): void {
    const { program } = this.traits;
    const having = this.texts.filter(({ text }) => hasHost(text, host));
    // An address has no blanks; a sentence that is only shown or logged has.
    const addresses = having.filter(({ text }) => !/\s/.test(text)).map(({ node }) => node);
    if (addresses.length > 0) this.traits.hinted = true;
    const coded = (reason: string) => having.flatMap(({ node }) => this.marksWithin(node, host, reason));
    if (program && this.isLink(program, addresses)) {
      this.found(sign, coded(sign.reason));
      return;
    }
    const reason = `${mention.reason}: ${host}`;
    const written = [...hostsIn(this.lower, host)].map((from) => ({ from, to: from + host.length, reason }));
    this.found({ ...mention, reason }, written.length > 0 ? written : coded(reason));
    if (program && written.length === 0 && having.length === 0) this.forHidden(program, host);
  }

  private isLink(program: Program, addresses: readonly AnyNode[]): boolean {
    const { used, exports } = reachOf(program, addresses.map(asValue), CALLS);
    for (const [name, key] of exports) this.traits.linkExports.set(name, key);
    const called = used && callsOut(program);
    this.traits.linked ||= called;
    return called || exports.size > 0;
  }

  private forHidden(program: Program, host: string): void {
    const reason = `${hidden.reason}: ${host}`;
    const encoded = this.texts.filter(({ node }) => hasHost(fromBase64(plainText(node) ?? ''), host));
    const pieced = program.nodes.filter((node) => isWhole(program, node) && hasHost(textOf(program, node) ?? '', host));
    const marks = [...encoded.map(({ node }) => node), ...pieced].map((node) => markOf(node, { reason }));
    if (marks.length > 0) this.traits.hinted = true;
    this.found({ ...hidden, reason }, marks);
  }

  private forCommand(sign: Sign, words: readonly string[]): void {
    const { program } = this.traits;
    const nodes = program ? this.commandNodes(program, words) : [];
    if (nodes.length > 0 && sign.proves === 'purpose') this.traits.writes = true;
    const found = program ? nodes.map((node) => markOf(node, sign)) : this.commandPlaces(sign, words);
    this.found(sign, found);
  }

  private commandNodes(program: Program, words: readonly string[]): AnyNode[] {
    const isIt = (command: readonly string[]) => command.join(' ') === words.join(' ');
    const calls = program.nodes.flatMap((node) => {
      if (node.type === 'MemberExpression') return isIt(commandIn(pathOf(program, node))) ? node : [];
      return node.type === 'CallExpression' && isIt(commandOf(program, node)) ? node.callee : [];
    });
    if (calls.length > 0) return [...new Set(calls)];
    // `run('Bookings Put', {})` of a function that passes it on.
    const given = this.texts.filter(({ text }) => isIt(commandWords(text))).map(({ node }) => node);
    return given.length > 0 && reachOf(program, given.map(asValue), CALLS).used ? given : [];
  }

  private commandPlaces({ reason }: Sign, words: readonly string[]): Mark[] {
    const text = new RegExp(`\\b${words.join(`[\\s./'"\`\\[\\]]{1,8}`)}\\b`, 'g');
    return [...this.lower.matchAll(text)].map(({ index, 0: { length } }) => ({
      from: index,
      to: index + length,
      reason,
    }));
  }

  private vetoed(): Finding | null {
    for (const { host, reason } of never) {
      const marks = [...hostsIn(this.lower, host)].map((from) => ({ from, to: from + host.length, reason }));
      const coded = this.texts.filter(({ text }) => hasHost(text, host)).map(({ node }) => markOf(node, { reason }));
      const all = marks.length > 0 ? marks : coded;
      if (all.length > 0) return { points: 0, reason, marks: all.slice(0, MOST_MARKS) };
    }
    return null;
  }

  /** Where a host stands in a text of the code; the whole of it where it is written with escapes. */
  private marksWithin(node: AnyNode, host: string, reason: string): Mark[] {
    const places = [...hostsIn(this.lower.slice(node.start, node.end), host)];
    if (places.length === 0) return [markOf(node, { reason })];
    return places.map((at) => ({ from: node.start + at, to: node.start + at + host.length, reason }));
  }

  private placesOf(text: string, reason: string): Mark[] {
    const marks: Mark[] = [];
    let from = this.lower.indexOf(text);
    while (from >= 0 && marks.length < MOST_MARKS) {
      marks.push({ from, to: from + text.length, reason });
      from = this.lower.indexOf(text, from + text.length);
    }
    // It may be written with escapes.
    const coded = () => this.texts.filter((one) => one.text.includes(text)).map(({ node }) => markOf(node, { reason }));
    return marks.length > 0 ? marks : coded();
  }
}

function markOf({ start, end }: AnyNode, { reason }: Pick<Reason, 'reason'>): Mark {
  return { from: start, to: end, reason };
}

function asValue(node: AnyNode): Value {
  return { node, key: null };
}
