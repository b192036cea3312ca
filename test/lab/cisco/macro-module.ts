/**
 * Turns the text of a macro, an ES module, into a function. Macros of the lab are our own, so they run in this
 * realm: a worker or a context per codec would make estates of a thousand codecs too dear.
 */
import { compileFunction } from 'node:vm';

export interface MacroScope {
  /** Value of a module by what the import names: `xapi` or `./other-macro`. */
  load(specifier: string): unknown;
  exports: Record<string, unknown>;
  globals: Record<string, unknown>;
}

const IMPORT =
  /^[ \t]*import\s+(?:([\w$]+)\s*,?\s*)?(?:\*\s*as\s+([\w$]+)|\{([^}]*)\})?\s*from\s*(['"])([^'"]+)\4[ \t]*;?/gm;
const BARE_IMPORT = /^[ \t]*import\s*(['"])([^'"]+)\1[ \t]*;?/gm;
const EXPORT_DECLARATION = /^[ \t]*export\s+((?:const|let|var|class|function\*?|async\s+function\*?)\s+([\w$]+))/gm;
const EXPORT_LIST = /^[ \t]*export\s*\{([^}]*)\}[ \t]*;?/gm;
const EXPORT_DEFAULT = /^[ \t]*export\s+default\s+/gm;

/** Runs the module to its first wait; the promise ends with its top level. Throws on a syntax error. */
export function runMacro(name: string, content: string, scope: MacroScope): Promise<unknown> {
  const names = Object.keys(scope.globals);
  const body = `return (async () => { 'use strict';${translate(content)}\n})();`;
  const run = compileFunction(body, ['__load', '__exports', ...names], { filename: `${name}.js` });
  return run(scope.load, scope.exports, ...Object.values(scope.globals));
}

function translate(content: string): string {
  const exported: string[] = [];
  const translated = content
    .replace(IMPORT, (_all, fallback?: string, star?: string, list?: string, _quote?: string, from = '') => {
      const module = `__load(${JSON.stringify(from)})`;
      const parts = [];
      if (fallback) parts.push(`const ${fallback} = ${module}.default;`);
      if (star) parts.push(`const ${star} = ${module};`);
      if (list) parts.push(`const {${list.replace(/\bas\b/g, ':')}} = ${module};`);
      return parts.join(' ');
    })
    .replace(BARE_IMPORT, (_all, _quote, from: string) => `__load(${JSON.stringify(from)});`)
    .replace(EXPORT_DECLARATION, (_all, declaration: string, name: string) => {
      exported.push(`__exports[${JSON.stringify(name)}] = ${name};`);
      return declaration;
    })
    .replace(EXPORT_LIST, (_all, list: string) => {
      for (const entry of list.split(',').map((part) => part.trim())) {
        const [local, alias = local] = entry.split(/\s+as\s+/);
        if (local) exported.push(`__exports[${JSON.stringify(alias)}] = ${local};`);
      }
      return '';
    })
    .replace(EXPORT_DEFAULT, '__exports.default = ');
  return `${translated}\n${exported.join('\n')}`;
}
