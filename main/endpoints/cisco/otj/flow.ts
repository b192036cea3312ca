/**
 * Where a value of a program goes: into a request, out to other macros, or no further than to people. Looks at the text
 * only, and rather says that a value is not used than that it is. Pure.
 */
import type { AnyNode, CallExpression, Identifier, MemberExpression, NewExpression } from 'acorn';
import { commandOf, pathOf, textOf, UNKNOWN } from './paths.ts';
import { type Binding, nameOf, namesOf, type Program } from './program.ts';

/** A value to be followed; with `key`, an object that holds it under this name. */
export interface Value {
  node: AnyNode;
  key: string | null;
}

export interface Reach {
  /** It is given to something that works with it. */
  used: boolean;
  /** Names under which other macros can have it, each with the key within, as in `Value`. */
  exports: Map<string, string | null>;
}

/** What becomes of a value that is given to a call. Names are in lower case. */
export interface Calls {
  /** Commands of the xAPI that call a host: `httpclient get`. */
  requests: ReadonlySet<string>;
  /** What shows a value to people. */
  shown: Showing;
}

interface Showing {
  /** Last names of functions: `log`. */
  functions: ReadonlySet<string>;
  /** Names anywhere in a path: `console`, `userinterface`. */
  branches: ReadonlySet<string>;
}

export function reachOf(program: Program, values: readonly Value[], calls: Calls): Reach {
  return new Flow(program, calls).follow(values);
}

/** Calls that only look at a text. */
const TESTS: ReadonlySet<string> = new Set(
  'includes startsWith endsWith indexOf lastIndexOf match matchAll search test exec localeCompare has hasOwnProperty is'.split(
    ' ',
  ),
);
/** Calls that give their argument on, in some form. */
const GIVING: ReadonlySet<string> = new Set(
  'freeze seal assign entries values fromEntries create stringify parse String URL encodeURI encodeURIComponent resolve concat from of'.split(
    ' ',
  ),
);
/** Calls by which a list takes a value. */
const TAKING: ReadonlySet<string> = new Set(['push', 'unshift', 'add', 'set']);

class Flow {
  private readonly program: Program;
  private readonly calls: Calls;
  private readonly seen = new Map<AnyNode, Set<string | null>>();
  /** Names of variables and of properties, and patterns, that were looked through. */
  private readonly passed = new Map<unknown, Set<string | null>>();
  private readonly waiting: Value[] = [];
  private readonly reach: Reach = { used: false, exports: new Map() };
  private methods: Map<string, FunctionNode[]> | null = null;

  constructor(program: Program, calls: Calls) {
    this.program = program;
    this.calls = calls;
  }

  follow(values: readonly Value[]): Reach {
    for (const { node, key } of values) this.push(node, key);
    for (let next = this.waiting.pop(); next; next = this.waiting.pop()) this.step(next.node, next.key);
    return this.reach;
  }

  private push(node: AnyNode, key: string | null): void {
    this.program.spend(1);
    if (isFirst(this.seen, node, key)) this.waiting.push({ node, key });
  }

  /** One step from a value to what stands around it. Whatever is not listed here leads nowhere. */
  private step(node: AnyNode, key: string | null): void {
    const outer = this.program.parentOf(node);
    switch (outer?.type) {
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
      case 'YieldExpression':
      case 'ChainExpression':
      case 'LogicalExpression':
      case 'SpreadElement':
      case 'TemplateLiteral':
      case 'TaggedTemplateExpression':
      // Reached through `...value`.
      case 'ObjectExpression':
        this.push(outer, key);
        break;
      case 'ArrayExpression':
        this.push(outer, null);
        break;
      case 'SequenceExpression':
        if (outer.expressions.at(-1) === node) this.push(outer, key);
        break;
      case 'ConditionalExpression':
        if (outer.test !== node) this.push(outer, key);
        break;
      case 'BinaryExpression':
        if (outer.operator === '+') this.push(outer, null);
        break;
      case 'ArrowFunctionExpression':
        if (outer.body === node) this.push(outer, key);
        break;
      case 'Property':
        if (outer.value === node) this.intoProperty(outer, key);
        break;
      case 'PropertyDefinition':
      case 'MethodDefinition':
        if (outer.value === node) this.toMembers(nameOf(outer), key);
        break;
      case 'VariableDeclarator':
        if (outer.init === node) this.intoPattern(outer.id, key);
        break;
      case 'AssignmentPattern':
        if (outer.right === node) this.intoPattern(outer.left, key);
        break;
      case 'AssignmentExpression':
        if (outer.right !== node) break;
        this.intoTarget(outer.left, key);
        this.push(outer, key);
        break;
      case 'ForOfStatement':
        if (outer.right === node) this.intoPattern(declared(outer.left), null);
        break;
      case 'MemberExpression':
        if (outer.object === node) this.ofMember(outer, key);
        break;
      case 'CallExpression':
      case 'NewExpression':
        if (outer.callee === node) this.push(outer, key);
        else this.intoCall(outer, node, key);
        break;
      case 'ReturnStatement':
        this.outOfFunction(outer, key);
        break;
      case 'ExportDefaultDeclaration':
        this.reach.exports.set('default', key);
        break;
      case 'ExportSpecifier':
        this.reach.exports.set(nameOf(outer.exported) ?? '', key);
        break;
    }
  }

  private intoProperty(property: AnyNode & { type: 'Property' }, key: string | null): void {
    const object = this.program.parentOf(property);
    if (object?.type === 'ObjectExpression') this.push(object, nameOf(property) ?? key);
  }

  /** Everything that is spoken of under the names of a pattern. */
  private intoPattern(pattern: AnyNode, key: string | null): void {
    if (!isFirst(this.passed, pattern, key)) return;
    for (const { name, property } of namesOf(pattern)) {
      this.program.spend(1);
      if (property !== null && key !== null && property !== key) continue;
      this.ofName(name, property === null ? key : null);
    }
  }

  private ofName(name: Identifier, key: string | null): void {
    const binding = this.program.bindingOf(name);
    if (!binding || !isFirst(this.passed, binding, key)) return;
    this.program.spend(binding.declared.length);
    for (const ref of binding.refs) this.push(ref, key);
    for (const one of binding.declared) if (this.isExported(one)) this.reach.exports.set(one.name, key);
  }

  private isExported(name: Identifier): boolean {
    let at: AnyNode | undefined = this.program.parentOf(name);
    if (at?.type === 'FunctionDeclaration' && at.id !== name) return false;
    while (at && DECLARING.has(at.type)) at = this.program.parentOf(at);
    return at?.type === 'ExportNamedDeclaration';
  }

  private intoTarget(target: AnyNode, key: string | null): void {
    if (target.type !== 'MemberExpression') {
      this.intoPattern(target, key);
      return;
    }
    const path = pathOf(this.program, target);
    const name = nameOf(target);
    if (path[0] === 'exports' && path.length === 2) this.reach.exports.set(name ?? '', key);
    else if (path[0] === 'module' && path[1] === 'exports')
      this.reach.exports.set(path.length > 2 ? (name ?? '') : (key ?? 'default'), path.length > 2 ? key : null);
    else this.toMembers(name, key);
  }

  private toMembers(name: string | null, key: string | null): void {
    if (!isFirst(this.passed, name, key)) return;
    for (const member of name === null ? [] : this.program.membersNamed(name)) this.push(member, key);
  }

  private ofMember(member: MemberExpression, key: string | null): void {
    const name = nameOf(member);
    const call = this.program.parentOf(member);
    const called = call?.type === 'CallExpression' && call.callee === member;
    if (called && name !== null && TESTS.has(name)) return;
    // A list or text goes on, changed, out of its method, and into a function that is given to it.
    if (called) for (const given of call.arguments) this.intoParameter(given, 0, null);
    if (key === null || name === null || name === key || called) this.push(member, name === key ? null : key);
  }

  private intoCall(call: CallExpression | NewExpression, argument: AnyNode, key: string | null): void {
    const path = pathOf(this.program, call.callee);
    const last = path.at(-1) ?? '';
    if (TESTS.has(last) || last.endsWith('Error') || this.shows(call, path)) return;
    const given: readonly AnyNode[] = call.arguments;
    const at = given.indexOf(argument);
    this.program.spend(at / 64);
    const { callee } = call;
    if (last === 'defineProperty') this.intoDefined(call, key);
    else if (GIVING.has(last) || last.startsWith('_interop') || isFunction(argument)) this.push(call, key);
    else if (TAKING.has(last) && callee.type === 'MemberExpression' && callee.object.type === 'Identifier')
      this.ofName(callee.object, null);
    else if (this.isUse(call, at) ?? !this.intoParameter(callee, at, key)) this.reach.used = true;
  }

  /** Whether a command of the xAPI works with this argument; null for what is no command. */
  private isUse(call: CallExpression | NewExpression, at: number): boolean | null {
    const command = commandOf(this.program, call);
    if (command.length === 0) return null;
    // `xapi.command('HttpClient Get', parameters, body)`: one argument more than `xapi.Command.HttpClient.Get` has.
    const parameters = pathOf(this.program, call.callee).includes('Command') ? 0 : 1;
    if (at < parameters || command.some((word) => word.includes(UNKNOWN))) return true;
    return at === parameters && this.calls.requests.has(command.join(' '));
  }

  private shows(call: CallExpression | NewExpression, path: readonly string[]): boolean {
    const { functions, branches } = this.calls.shown;
    const names = [...path, ...commandOf(this.program, call)].map((name) => name.toLowerCase());
    return functions.has(path.at(-1)?.toLowerCase() ?? '') || names.some((name) => branches.has(name));
  }

  /** `Object.defineProperty(exports, 'host', { value })`, or with `get`. */
  private intoDefined({ arguments: [object, name] }: CallExpression | NewExpression, key: string | null): void {
    const told = name ? textOf(this.program, name) : null;
    if (key !== 'value' && key !== 'get') return;
    if (object && pathOf(this.program, object).at(-1) === 'exports') this.reach.exports.set(told ?? '', null);
    else this.toMembers(told, null);
  }

  /** @returns whether `callee` is a function, method or class of this program */
  private intoParameter(callee: AnyNode, at: number, key: string | null): boolean {
    const codes = this.functionsOf(callee);
    this.program.spend(1 + codes.length);
    for (const { params } of codes) {
      const param = params[at] ?? params.at(-1);
      if (param) this.intoPattern(param, key);
    }
    return codes.length > 0;
  }

  private functionsOf(callee: AnyNode): readonly FunctionNode[] {
    if (isFunction(callee)) return [callee];
    if (callee.type === 'Identifier') return this.functionOf(callee) ?? [];
    if (callee.type !== 'MemberExpression') return [];
    this.methods ??= methodsOf(this.program);
    return this.methods.get(nameOf(callee) ?? '') ?? [];
  }

  private functionOf(name: Identifier): FunctionNode[] | null {
    const binding: Binding | undefined = this.program.bindingOf(name);
    for (const one of binding?.declared ?? []) {
      const home = this.program.parentOf(one);
      if (home?.type === 'FunctionDeclaration' && home.id === one) return [home];
      if (home?.type === 'VariableDeclarator' && home.init && isFunction(home.init)) return [home.init];
      if (home?.type !== 'ClassDeclaration') continue;
      this.program.spend(home.body.body.length);
      const made = home.body.body.find((part) => part.type === 'MethodDefinition' && part.kind === 'constructor');
      if (made?.type === 'MethodDefinition') return [made.value];
    }
    return null;
  }

  private outOfFunction(from: AnyNode, key: string | null): void {
    let at = this.program.parentOf(from);
    for (; at && !isFunction(at); this.program.spend(1)) at = this.program.parentOf(at);
    if (at?.type === 'FunctionDeclaration' && at.id) this.ofName(at.id, key);
    else if (at) this.push(at, key);
  }
}

/** Takes note of it. */
function isFirst<T>(seen: Map<T, Set<string | null>>, one: T, key: string | null): boolean {
  const keys = seen.get(one) ?? new Set();
  if (keys.has(key)) return false;
  seen.set(one, keys.add(key));
  return true;
}

const DECLARING: ReadonlySet<string> = new Set([
  'VariableDeclarator',
  'VariableDeclaration',
  'FunctionDeclaration',
  'ClassDeclaration',
  'ObjectPattern',
  'ArrayPattern',
  'AssignmentPattern',
  'Property',
]);

type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

/** Functions that are called by the name of a property. */
function methodsOf({ nodes }: Program): Map<string, FunctionNode[]> {
  const methods = new Map<string, FunctionNode[]>();
  for (const node of nodes) {
    if (node.type !== 'Property' && node.type !== 'MethodDefinition' && node.type !== 'PropertyDefinition') continue;
    const name = nameOf(node);
    if (name === null || !node.value || !isFunction(node.value)) continue;
    const known = methods.get(name);
    if (known) known.push(node.value);
    else methods.set(name, [node.value]);
  }
  return methods;
}

function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

function declared(left: AnyNode): AnyNode {
  return left.type === 'VariableDeclaration' ? (left.declarations[0]?.id ?? left) : left;
}
