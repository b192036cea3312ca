/** Which macros a macro imports, what it takes of each, and what it gives to others. Pure. */
import type { AnyNode } from 'acorn';
import type { Reach, Value } from './flow.ts';
import { pathOf } from './paths.ts';
import { nameOf, namesOf, type Program, plainText } from './program.ts';

export interface Import {
  /** Of the macro, in lower case. */
  name: string;
  /** The node that names it. */
  source: AnyNode;
  /** Values of the importing program that hold one of these exports. */
  values(exports: Reach['exports']): Value[];
}

/** `from './name'`, `import('./name')`, `require('./name')`, each with or without `.js`. */
export function importsOf(program: Program): Import[] {
  return program.nodes.flatMap((node): Import | [] => {
    const source = sourceOf(node);
    const name = /^\.\/(.+?)(?:\.js)?$/i.exec((source && plainText(source)) ?? '')?.[1];
    if (!source || !name) return [];
    return { name: name.toLowerCase(), source, values: (exports) => valuesOf(program, node, exports) };
  });
}

/** The same of a program that was too much to be read; rather too many than one too few. */
export function importsIn(content: string): string[] {
  return [...content.matchAll(/["'`]\.\/([^"'`\r\n]{1,255}?)(?:\.js)?["'`]/gi)].map(([, name = '']) =>
    name.toLowerCase(),
  );
}

function sourceOf(node: AnyNode): AnyNode | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return node.source;
    case 'ExportNamedDeclaration':
      return node.source ?? null;
    case 'CallExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'require' ? (node.arguments[0] ?? null) : null;
    default:
      return null;
  }
}

function valuesOf(program: Program, node: AnyNode, exports: Reach['exports']): Value[] {
  program.spend(exports.size);
  const each = [...exports];
  if (node.type !== 'ImportDeclaration') return each.map(([name]) => ({ node, key: name }));
  return node.specifiers.flatMap((specifier) => {
    const refs = program.bindingOf(specifier.local)?.refs ?? [];
    program.spend(refs.length * exports.size);
    if (specifier.type === 'ImportNamespaceSpecifier')
      return each.flatMap(([name]) => refs.map((ref) => ({ node: ref, key: name })));
    const taken = specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default';
    return each.flatMap(([name, key]) => (name === taken ? refs.map((ref) => ({ node: ref, key })) : []));
  });
}

/** The names under which other macros can have something of it, in order. */
export function exportNamesOf(program: Program): string[] {
  const names = program.nodes.flatMap((node): (string | null)[] => {
    if (node.type === 'ExportSpecifier') return [nameOf(node.exported)];
    if (node.type === 'ExportNamedDeclaration' && node.declaration)
      return node.declaration.type === 'VariableDeclaration'
        ? node.declaration.declarations.flatMap(({ id }) => namesOf(id).map(({ name }) => name.name))
        : [node.declaration.id.name];
    const isTarget = node.type === 'MemberExpression' && node.object.type === 'Identifier';
    return isTarget && pathOf(program, node)[0] === 'exports' ? [nameOf(node)] : [];
  });
  return [...new Set(names.flatMap((name) => name ?? []))].sort();
}

/** Whether it only holds values: it never speaks of the codec's API. */
export function isPassive({ nodes }: Program): boolean {
  return !nodes.some((node) => (node.type === 'Identifier' ? node.name === 'xapi' : plainText(node) === 'xapi'));
}
