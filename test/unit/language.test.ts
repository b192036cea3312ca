/** No text stands in the code of the window: all comes from the catalogues, and each language has all of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../main/contract/catalogue.ts';
import { LIST_PROBLEMS } from '../../main/contract/listProblems.ts';
import { ROOM_STATES } from '../../main/contract/plan.ts';

const RENDERER = fileURLToPath(new URL('../../renderer', import.meta.url));
const LOCALES = join(RENDERER, 'locales');

/** Attributes that hold names, numbers or addresses for machines. Any other is taken for text that a person reads. */
const TECHNICAL = new Set(
  `accept align aria-checked aria-current aria-describedby aria-haspopup aria-hidden aria-live aria-sort autoCapitalize
  autoComplete autoHighlight checked className clipPath code colSpan cx cy d dataKey dir dominantBaseline fill
  fillOpacity form height href htmlFor icon id inputMode key kind lang layout level look markerEnd mode namespace of
  offset only orientation pathLength pattern patternUnits points preserveAspectRatio r ref rel role rowSpan rx ry
  sandbox scope shape shortcut side size src state status step stroke strokeDasharray strokeLinecap strokeLinejoin
  strokeWidth style tabIndex tag target textAnchor transform type value viewBox width wrap x x1 x2 xmlns y y1 y2`.split(
    /\s+/,
  ),
);
/** Members of objects that components show, such as `{ term: … }` of DataList. */
const SHOWN_MEMBERS = new Set([
  'label',
  'title',
  'text',
  'term',
  'description',
  'hint',
  'detail',
  'placeholder',
  'example',
]);

interface Node {
  type: string;
  start: number;
  [member: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* walk(child);
}

function treeOf(path: string, text: string): Node {
  const { program, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const tree: unknown = program;
  if (!isNode(tree)) throw new Error(`${path} has no tree`);
  return tree;
}

/** Literal texts that an expression may come to: `'a'`, `x ? 'a' : b`, `x && 'a'`, `${x} a`. */
function literalsOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral':
      return quasisOf(node);
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return literalsOf(node.expression);
    case 'ConditionalExpression':
      return [...literalsOf(node.consequent), ...literalsOf(node.alternate)];
    case 'LogicalExpression':
    case 'BinaryExpression':
      return node.type === 'BinaryExpression' && node.operator !== '+'
        ? []
        : [...literalsOf(node.left), ...literalsOf(node.right)];
    default:
      return [];
  }
}

function quasisOf(node: Node): string[] {
  const quasis = Array.isArray(node.quasis) ? node.quasis.filter(isNode) : [];
  return quasis.map(({ value }) =>
    typeof value === 'object' && value && 'cooked' in value ? String(value.cooked) : '',
  );
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'JSXNamespacedName') return `${nameOf(node.namespace)}:${nameOf(node.name)}`;
  return typeof node.name === 'string' ? node.name : typeof node.value === 'string' ? node.value : '';
}

const hasLetters = (text: string): boolean => /\p{L}/u.test(text);

/** Texts of a .tsx file that a person would read and that no catalogue holds, one line each. */
function plantedTexts(path: string, text: string): string[] {
  const found: string[] = [];
  for (const node of walk(treeOf(path, text))) {
    for (const literal of shownLiterals(node)) if (hasLetters(literal)) found.push(`${path}: ${literal.trim()}`);
  }
  return found;
}

function shownLiterals(node: Node): string[] {
  if (node.type === 'JSXText') return [String(node.value)];
  if (node.type === 'JSXAttribute')
    return TECHNICAL.has(nameOf(node.name)) || nameOf(node.name).startsWith('data-') ? [] : literalsOf(node.value);
  if (node.type === 'Property') return SHOWN_MEMBERS.has(nameOf(node.key)) ? literalsOf(node.value) : [];
  if (node.type !== 'JSXElement' && node.type !== 'JSXFragment') return [];
  const children = Array.isArray(node.children) ? node.children.filter(isNode) : [];
  return children.filter(({ type }) => type === 'JSXExpressionContainer').flatMap(literalsOf);
}

type Catalogue = Map<string, Map<string, string>>;

/** Namespace → key → text. */
function catalogueOf(language: string): Catalogue {
  const files = readdirSync(join(LOCALES, language)).filter((name) => name.endsWith('.json'));
  return new Map(
    files.map((file) => {
      const texts: unknown = JSON.parse(readFileSync(join(LOCALES, language, file), 'utf8'));
      return [file.replace('.json', ''), new Map(flat(texts, ''))];
    }),
  );
}

function flat(value: unknown, prefix: string): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  if (typeof value !== 'object' || value === null) throw new Error(`${prefix} is neither text nor group`);
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, prefix ? `${prefix}.${key}` : key));
}

const PLURAL = /_(zero|one|two|few|many|other)$/;

interface Use {
  path: string;
  /** Namespaces that are named in the file, or beside it when it names none. */
  namespaces: ReadonlySet<string>;
  /** Each text in the code that might be a key. */
  literals: ReadonlySet<string>;
  /** Keys with a part that is computed. */
  patterns: readonly RegExp[];
  /** First arguments of t('…'). */
  asked: readonly string[];
}

function useIn(path: string, text: string): Use {
  const literals = new Set<string>();
  const namespaces = new Set<string>();
  const patterns: RegExp[] = [];
  const asked: string[] = [];
  for (const node of walk(treeOf(path, text))) {
    if (node.type === 'Literal' && typeof node.value === 'string') literals.add(node.value);
    if (node.type === 'TemplateLiteral') patterns.push(patternOf(quasisOf(node)));
    if (node.type !== 'CallExpression') continue;
    const [first] = Array.isArray(node.arguments) ? node.arguments.filter(isNode) : [];
    const callee = calleeOf(node.callee);
    if (callee === 'useTranslation') for (const name of namesIn(first)) namespaces.add(name);
    if (callee === 't') asked.push(...keysOf(first));
  }
  for (const literal of literals) if (/^[a-z]+:[\w.-]+$/.test(literal)) namespaces.add(literal.split(':')[0] ?? '');
  return { path, namespaces, literals, patterns, asked };
}

/** Whole keys: those with a computed part are patterns. */
function keysOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  if (node.type === 'ConditionalExpression') return [...keysOf(node.consequent), ...keysOf(node.alternate)];
  return node.type === 'Literal' ? literalsOf(node) : [];
}

/** `t` for t() and i18next.t(). */
function calleeOf(node: unknown): string {
  if (!isNode(node)) return '';
  return node.type === 'MemberExpression' ? nameOf(node.property) : nameOf(node);
}

function namesIn(node: Node | undefined): string[] {
  if (node?.type === 'ArrayExpression' && Array.isArray(node.elements)) return node.elements.flatMap(literalsOf);
  return literalsOf(node);
}

function patternOf(quasis: readonly string[]): RegExp {
  const parts = quasis.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // A template without a fixed part would excuse every key.
  return quasis.some((part) => /[a-zA-Z]{2}/.test(part)) ? new RegExp(`^${parts.join('[\\w-]+')}$`) : /^$/;
}

function uses(): Use[] {
  const files = readdirSync(RENDERER, { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name));
  const all = files.map((name) => useIn(name, readFileSync(join(RENDERER, name), 'utf8')));
  return all.map((use) => {
    const beside = all.filter(({ path }) => dirname(path) === dirname(use.path));
    // Pure modules, and small parts that are given their `t`, speak with the words of what lies beside them.
    const names = use.namespaces.size > 0 && use.path.endsWith('.tsx') ? use.namespaces : namespacesOf(beside, use);
    return { ...use, namespaces: new Set(names) };
  });
}

function namespacesOf(beside: readonly Use[], own: Use): string[] {
  return [...own.namespaces, ...beside.flatMap(({ namespaces }) => [...namespaces])];
}

/** Keys whose names come whole from data: steps are named by the services. */
const FROM_DATA = ['steps'];

function unusedKeys(english: Catalogue, found: readonly Use[]): string[] {
  const unused: string[] = [];
  for (const [namespace, texts] of english) {
    if (FROM_DATA.includes(namespace)) continue;
    for (const key of texts.keys()) {
      const plain = key.replace(PLURAL, '');
      const full = `${namespace}:${plain}`;
      const isUsed = found.some(
        ({ namespaces, literals, patterns }) =>
          literals.has(full) ||
          patterns.some((pattern) => pattern.test(full)) ||
          (namespaces.has(namespace) && (literals.has(plain) || patterns.some((pattern) => pattern.test(plain)))),
      );
      if (!isUsed) unused.push(full);
    }
  }
  return unused;
}

function missingKeys(english: Catalogue, found: readonly Use[]): string[] {
  const has = (namespace: string, key: string) => {
    const texts = english.get(namespace);
    return texts !== undefined && (texts.has(key) || texts.has(`${key}_other`));
  };
  return found.flatMap(({ path, namespaces, asked }) =>
    asked
      .filter((key) => {
        const [first = '', second] = key.split(':');
        return second === undefined ? ![...namespaces].some((name) => has(name, key)) : !has(first, second);
      })
      .map((key) => `${path}: ${key}`),
  );
}

function placeholdersOf(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([^}]+?)\s*\}\}/g)].map(([, name = '']) => name).sort();
}

/** How a translation differs from English in anything but words. Plural forms may be as many as the language has. */
function differences(english: Catalogue, other: Catalogue): string[] {
  const found: string[] = [];
  for (const namespace of new Set([...english.keys(), ...other.keys()])) {
    const [mine, theirs] = [english.get(namespace) ?? new Map(), other.get(namespace) ?? new Map()];
    for (const key of new Set([...mine.keys(), ...theirs.keys()])) {
      const [a, b] = [mine.get(key), theirs.get(key)];
      if (a === undefined || b === undefined)
        found.push(`${namespace}:${key} is ${a === undefined ? 'too much' : 'missing'}`);
      else if (placeholdersOf(a).join() !== placeholdersOf(b).join())
        found.push(`${namespace}:${key} has other placeholders`);
    }
  }
  return found;
}

describe('texts in the code', () => {
  it('are found where they are planted', () => {
    const planted = `
      const items = [{ term: 'Serial', value: 1 }];
      export const A = () => <div title="Hello" className="box" aria-label={x ? 'Yes' : t('no')} data-kind="kept">
        Plain {'quoted'} {\`so \${x}\`} {x && 'maybe'} {x ? 'one' : null} {t('rooms:title')} · {'–'}
        <Row look="primary" hint={'Nine' + x} label={t('label')} placeholder={\`Ten\`} />
      </div>;`;
    expect(plantedTexts('planted.tsx', planted).map((line) => line.replace('planted.tsx: ', ''))).toEqual([
      'Serial',
      'quoted',
      'so',
      'maybe',
      'one',
      'Hello',
      'Yes',
      'Plain',
      'Nine',
      'Ten',
    ]);
  });

  it('are none', () => {
    const files = readdirSync(RENDERER, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.tsx'));
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap((name) => plantedTexts(name, readFileSync(join(RENDERER, name), 'utf8')))).toEqual([]);
  });
});

describe('the English catalogue', () => {
  const english = catalogueOf('en');
  const found = uses();

  it('holds every key that is asked for', () => {
    const planted = useIn(
      'x.tsx',
      "const { t } = useTranslation(['common']); t('nothing.there'); t('common:cancel'); t('close');",
    );
    expect(missingKeys(english, [planted])).toEqual(['x.tsx: nothing.there']);
    expect(found.some(({ asked }) => asked.length > 0)).toBe(true);
    expect(missingKeys(english, found)).toEqual([]);
  });

  it('holds nothing that nobody asks for', () => {
    const planted: Catalogue = new Map([
      [
        'common',
        new Map([
          ['never.used.anywhere', 'x'],
          ['cancel', 'x'],
        ]),
      ],
    ]);
    expect(unusedKeys(planted, found)).toEqual(['common:never.used.anywhere']);
    expect(unusedKeys(english, found)).toEqual([]);
  });

  it('has words for every error and every state', () => {
    const errors = english.get('errors') ?? new Map<string, string>();
    const wanted = Object.keys(CATALOGUE).flatMap((code) => [`${code}.happened`, `${code}.todo`]);
    expect([...errors.keys()].sort()).toEqual(wanted.sort());
    const states = ROOM_STATES.map((state) => state.replace(/ (.)/g, (_, letter: string) => letter.toUpperCase()));
    expect([...(english.get('states') ?? new Map()).keys()]).toEqual(states);
  });

  it('has words for all that can be wrong with a list, of the same details', () => {
    const words = english.get('listProblems') ?? new Map<string, string>();
    const wanted = Object.entries(LIST_PROBLEMS).flatMap(([code, { message, todo }]): [string, string][] => [
      [`${code}.message`, message],
      [`${code}.todo`, todo],
    ]);
    expect(differences(new Map([['listProblems', new Map(wanted)]]), new Map([['listProblems', words]]))).toEqual([]);
  });

  it('speaks of the window and not of the terminal, without empty words', () => {
    for (const [namespace, texts] of english) {
      for (const [key, text] of texts) {
        expect(text, `${namespace}:${key}`).not.toMatch(/`|\botj [a-z]|--[a-z]|!|successfully/);
        expect(text.trim(), `${namespace}:${key}`).not.toBe('');
      }
    }
  });
});

describe('other languages', () => {
  it('are told apart from English where they differ', () => {
    const mine: Catalogue = new Map([
      [
        'a',
        new Map([
          ['x', '{{n}} of {{m}}'],
          ['y', 'b'],
        ]),
      ],
    ]);
    const theirs: Catalogue = new Map([
      [
        'a',
        new Map([
          ['x', '{{n}} von {{k}}'],
          ['z', 'c'],
        ]),
      ],
    ]);
    expect(differences(mine, theirs)).toEqual(['a:x has other placeholders', 'a:y is missing', 'a:z is too much']);
  });

  for (const language of ['de', 'nb']) {
    it(`${language} has exactly the keys and placeholders of English`, () => {
      expect(differences(catalogueOf('en'), catalogueOf(language))).toEqual([]);
    });
  }
});
