/** What a program calls: `xapi.Command.Bookings.Put`, also under another name, and texts that it puts together. Pure. */
import type { AnyNode, CallExpression, Identifier, NewExpression } from 'acorn';
import { nameOf, type Program, plainText } from './program.ts';

/** How many names deep a name is followed: `const a = b; const b = c;`. */
const DEEPEST = 8;
/** A path of more names, or a longer text, is none that is looked for. */
const LONGEST_PATH = 64;
const LONGEST = 4_096;
/** So much of a text is looked through in the time of one step. */
const CHARACTERS_PER_STEP = 64;
/** Stands in a text for what is known only when the program runs. */
export const UNKNOWN = '\0';

/** The names of a property and of what it is a property of, as far as they are written down; outermost first. */
export function pathOf(program: Program, node: AnyNode, depth = DEEPEST): string[] {
  const path: string[] = [];
  let at: AnyNode | undefined = node;
  while (at && path.length < LONGEST_PATH) {
    program.spend(1);
    if (at.type === 'MemberExpression') {
      path.push(nameOf(at) ?? '');
      at = at.object;
    } else if (at.type === 'Identifier') {
      const origin = depth > 0 ? originOf(program, at) : null;
      const before = origin ? pathOf(program, origin.value, depth - 1) : [at.name];
      return [...before, ...(origin?.property ? [origin.property] : []), ...path.reverse()];
    } else at = inner(at);
  }
  return ['', ...path.reverse()];
}

/** The xAPI command that a call is, in lower case, e.g. `['bookings', 'put']`; empty when it is none. */
export function commandOf(program: Program, call: CallExpression | NewExpression): string[] {
  const path = pathOf(program, call.callee);
  const [first] = call.arguments;
  if (path.at(-1)?.toLowerCase() === 'command' && first) return commandWords(textOf(program, first) ?? '');
  return commandIn(path);
}

/** The command that a path names: what stands behind `Command`, in lower case. */
export function commandIn(path: readonly string[]): string[] {
  const at = path.lastIndexOf('Command');
  return at < 0 ? [] : path.slice(at + 1).map((name) => name.toLowerCase());
}

/** `xCommand Bookings Put`, `Bookings/Put`. */
export function commandWords(text: string): string[] {
  const words = text.toLowerCase().split(/[\s/]+/);
  return words.filter((word, at) => word && !(at === 0 && word === 'xcommand'));
}

/** What a name was made to be where it was declared, if it was once and there. */
function originOf(program: Program, name: Identifier): { value: AnyNode; property: string | null } | null {
  const declared = program.bindingOf(name)?.declared ?? [];
  const [only] = declared;
  if (!only || declared.length > 1) return null;
  let at = program.parentOf(only);
  while (at && at.type !== 'VariableDeclarator') {
    program.spend(1);
    if (!PATTERNS.has(at.type)) return null;
    at = program.parentOf(at);
  }
  if (!at?.init) return null;
  return { value: at.init, property: program.propertyOf(only) };
}

const PATTERNS: ReadonlySet<string> = new Set(['Property', 'ObjectPattern', 'AssignmentPattern']);

/** What a node that adds nothing to a value holds: brackets, `await`, `(0, f)`, `f?.`. */
function inner(node: AnyNode): AnyNode | undefined {
  switch (node.type) {
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return node.expression;
    case 'AwaitExpression':
      return node.argument;
    case 'SequenceExpression':
      return node.expressions.at(-1);
    default:
      return undefined;
  }
}

/** Whether the node puts texts together and does not itself stand in one that does. */
export function isWhole(program: Program, node: AnyNode): boolean {
  if (!hasParts(node)) return false;
  const outer = program.parentOf(node);
  return !outer || !hasParts(outer) || (outer.type === 'CallExpression' && outer.callee === node);
}

/** A text that is put together in the program, with `\0` for each unknown part; null for what is no text at all. */
export function textOf(program: Program, node: AnyNode, depth = DEEPEST): string | null {
  let text = '';
  let told = false;
  const waiting: AnyNode[] = [node];
  for (let next = waiting.pop(); next && text.length < LONGEST; next = waiting.pop()) {
    const plain = plainText(next);
    const parts = partsOf(next);
    const origin = plain === null && !parts && next.type === 'Identifier' && depth > 0 ? originOf(program, next) : null;
    const known = origin && !origin.property ? textOf(program, origin.value, depth - 1) : plain;
    if (known === null && parts) for (const part of parts.toReversed()) waiting.push(part);
    else text += known ?? UNKNOWN;
    program.spend(1 + (parts?.length ?? 0) + (known?.length ?? 0) / CHARACTERS_PER_STEP);
    told ||= known !== null;
  }
  return told ? text : null;
}

/** Whether there are `partsOf` it; they may be very many. */
function hasParts(node: AnyNode): boolean {
  if (node.type === 'BinaryExpression') return node.operator === '+';
  if (node.type === 'TemplateLiteral') return node.expressions.length > 0;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const name = nameOf(node.callee);
  return name === 'concat' || (name === 'join' && node.callee.object.type === 'ArrayExpression');
}

/** `a + b`, `${a}b`, `a.concat(b)`, `[a, b].join(s)`: the parts, in their order. */
function partsOf(node: AnyNode): AnyNode[] | null {
  if (node.type === 'BinaryExpression' && node.operator === '+') return [node.left, node.right];
  if (node.type === 'TemplateLiteral' && node.expressions.length > 0)
    return node.quasis.flatMap((quasi, at) => [quasi, node.expressions[at] ?? []].flat());
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { object } = node.callee;
  if (nameOf(node.callee) === 'concat') return [object, ...node.arguments];
  if (nameOf(node.callee) !== 'join' || object.type !== 'ArrayExpression') return null;
  const [between] = node.arguments;
  return object.elements.flatMap((one, at) => [...(at > 0 && between ? [between] : []), ...(one ? [one] : [])]);
}
