/** A macro's text as a program: its syntax tree, and which names mean the same thing. Pure; nothing is ever run. */
import type { AnyNode, Identifier, MemberExpression, Options, Pattern } from 'acorn';
import { Budget, LARGEST_PROGRAM, parseWithin, TooTangled } from './budget.ts';

/** One variable, function, class, parameter or import. */
export interface Binding {
  /** Where it gets its name. */
  readonly declared: Identifier[];
  /** Where it is spoken of. */
  readonly refs: Identifier[];
}

export interface Program {
  readonly nodes: readonly AnyNode[];
  parentOf(node: AnyNode): AnyNode | undefined;
  /** Of a name that is declared or spoken of; undefined for names of properties. */
  bindingOf(name: Identifier): Binding | undefined;
  /** Which property of a declared value a name takes, as `namesOf` tells it. */
  propertyOf(name: Identifier): string | null;
  /** Where a property or method of this name is spoken of, whatever it is a property of. */
  membersNamed(name: string): readonly MemberExpression[];
  /** Takes from what may be worked on this program. @throws TooTangled */
  spend(steps: number): void;
}

const COMMON = { ecmaVersion: 'latest', allowHashBang: true, allowReturnOutsideFunction: true } as const;
/** As the newer engines of codecs read a macro, then as the older ones did. */
const READINGS: readonly Options[] = [
  { ...COMMON, sourceType: 'module' },
  { ...COMMON, sourceType: 'script', allowAwaitOutsideFunction: true, allowImportExportEverywhere: true },
];

/**
 * @returns null for a text that is no program, or one that is nested too deeply to be read
 * @throws TooTangled for one that takes too much work
 */
export function readProgram(content: string): Program | null {
  if (content.length > LARGEST_PROGRAM) throw new TooTangled();
  const budget = new Budget();
  for (const reading of READINGS) {
    try {
      return new Reader(parseWithin(budget, content, reading), budget);
    } catch (error) {
      if (error instanceof TooTangled) throw error;
      // A text that nobody can run is no program; that is an answer.
    }
  }
  return null;
}

/** Whether any engine of a codec could run it; one that takes too much work to read is taken for one. */
export function isProgram(content: string): boolean {
  try {
    return readProgram(content) !== null;
  } catch (error) {
    if (error instanceof TooTangled) return true;
    throw error;
  }
}

/** The name of a property, method or export, where it is written down. */
export function nameOf(node: AnyNode): string | null {
  switch (node.type) {
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return named(node.key, node.computed);
    case 'MemberExpression':
      return named(node.property, node.computed);
    default:
      return named(node, false);
  }
}

function named(node: AnyNode, computed: boolean): string | null {
  if (!computed && (node.type === 'Identifier' || node.type === 'PrivateIdentifier')) return node.name;
  return plainText(node);
}

/** The text of a literal, escapes undone; null for what is no text, or not known before the program runs. */
export function plainText(node: AnyNode): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type === 'TemplateElement') return node.value.cooked ?? null;
  const [only] = node.type === 'TemplateLiteral' && node.expressions.length === 0 ? node.quasis : [];
  return only ? plainText(only) : null;
}

/** The names that a pattern gives, each with the property that it takes; null = the whole, or one nobody knows. */
export function namesOf(
  pattern: AnyNode,
  property: string | null = null,
): { name: Identifier; property: string | null }[] {
  switch (pattern.type) {
    case 'Identifier':
      return [{ name: pattern, property }];
    case 'AssignmentPattern':
      return namesOf(pattern.left, property);
    case 'RestElement':
      return namesOf(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one ? namesOf(one) : []));
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) =>
        one.type === 'Property' ? namesOf(one.value, nameOf(one)) : namesOf(one),
      );
    default:
      return [];
  }
}

class Scope {
  private readonly names = new Map<string, Binding>();
  readonly outer: Scope | null;
  /** Whether `var` stays within it. */
  readonly ofFunction: boolean;

  constructor(outer: Scope | null, ofFunction: boolean) {
    this.outer = outer;
    this.ofFunction = ofFunction;
  }

  own(name: string): Binding {
    const binding = this.names.get(name) ?? { declared: [], refs: [] };
    this.names.set(name, binding);
    return binding;
  }

  /** What nobody has declared is everybody's. */
  find(name: string, budget: Budget): Binding {
    let scope: Scope = this;
    for (; !scope.names.has(name) && scope.outer; budget.spend(1)) scope = scope.outer;
    return scope.own(name);
  }

  forVar(budget: Budget): Scope {
    let scope: Scope = this;
    for (; !scope.ofFunction && scope.outer; budget.spend(1)) scope = scope.outer;
    return scope;
  }
}

class Reader implements Program {
  readonly nodes: AnyNode[] = [];
  private readonly parents = new Map<AnyNode, AnyNode>();
  private readonly bindings = new Map<Identifier, Binding>();
  private readonly properties = new Map<Identifier, string>();
  private readonly members = new Map<string, MemberExpression[]>();
  private readonly budget: Budget;

  constructor(root: AnyNode, budget: Budget) {
    this.budget = budget;
    const spoken: [Identifier, Scope][] = [];
    const waiting: [AnyNode, Scope][] = [[root, new Scope(null, true)]];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [node, scope] = next;
      this.nodes.push(node);
      if (node.type === 'Identifier') spoken.push([node, scope]);
      if (node.type === 'MemberExpression') this.noteMember(node);
      const inner = this.enter(node, scope);
      for (const child of childrenOf(node)) {
        this.parents.set(child, node);
        waiting.push([child, inner]);
      }
    }
    // Only now is every declaration known; many a name is spoken of before it.
    for (const [name, scope] of spoken) {
      if (this.bindings.has(name) || !isSpoken(name, this.parents.get(name))) continue;
      const binding = scope.find(name.name, budget);
      binding.refs.push(name);
      this.bindings.set(name, binding);
    }
  }

  parentOf(node: AnyNode): AnyNode | undefined {
    return this.parents.get(node);
  }

  bindingOf(name: Identifier): Binding | undefined {
    return this.bindings.get(name);
  }

  propertyOf(name: Identifier): string | null {
    return this.properties.get(name) ?? null;
  }

  spend(steps: number): void {
    this.budget.spend(steps);
  }

  membersNamed(name: string): readonly MemberExpression[] {
    return this.members.get(name) ?? [];
  }

  private noteMember(node: MemberExpression): void {
    const name = nameOf(node);
    if (name === null) return;
    const known = this.members.get(name);
    if (known) known.push(node);
    else this.members.set(name, [node]);
  }

  /** Takes note of what a node declares. @returns the scope of what stands within it */
  private enter(node: AnyNode, scope: Scope): Scope {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const inner = new Scope(scope, true);
        if (node.id) this.bind(node.id, node.type === 'FunctionDeclaration' ? scope : inner);
        for (const param of node.params) this.bind(param, inner);
        return inner;
      }
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const inner = new Scope(scope, false);
        if (node.id) this.bind(node.id, node.type === 'ClassDeclaration' ? scope : inner);
        return inner;
      }
      case 'CatchClause': {
        const inner = new Scope(scope, false);
        if (node.param) this.bind(node.param, inner);
        return inner;
      }
      case 'VariableDeclaration': {
        const home = node.kind === 'var' ? scope.forVar(this.budget) : scope;
        for (const { id } of node.declarations) this.bind(id, home);
        return scope;
      }
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        this.bind(node.local, scope);
        return scope;
      case 'StaticBlock':
        return new Scope(scope, true);
      case 'BlockStatement':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'SwitchStatement':
        return new Scope(scope, false);
      default:
        return scope;
    }
  }

  private bind(pattern: Pattern, scope: Scope): void {
    for (const { name, property } of namesOf(pattern)) {
      const binding = scope.own(name.name);
      binding.declared.push(name);
      if (property !== null) this.properties.set(name, property);
      this.bindings.set(name, binding);
    }
  }
}

/** Whether a name stands for what it is bound to, and is not the name of a property, an export or a label. */
function isSpoken(name: Identifier, parent: AnyNode | undefined): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.computed || parent.object === name;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.computed || parent.value === name;
    case 'ExportSpecifier':
      return parent.local === name;
    case 'ImportSpecifier':
    case 'ImportAttribute':
    case 'ExportAllDeclaration':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return false;
    default:
      return true;
  }
}

function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) yield* value.filter(isNode);
    else if (isNode(value)) yield value;
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
