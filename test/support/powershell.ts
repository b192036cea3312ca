/** Scripts read by a PowerShell grammar: there is no PowerShell among the tests' programs. */
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);

export interface ParsedScript {
  /** Texts that the grammar does not understand. */
  errors: string[];
  /** Names of all commands, each as often as it is called. */
  commands: string[];
  /** Calls of methods of .NET, as written. */
  invocations: string[];
  comments: string[];
}

export async function powershellParser(): Promise<(text: string) => ParsedScript> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')));
  return (text) => {
    const tree = parser.parse(text);
    if (!tree) throw new Error('the grammar gave nothing');
    const found: ParsedScript = { errors: [], commands: [], invocations: [], comments: [] };
    collect(tree.rootNode, found);
    tree.delete();
    return found;
  };
}

function collect(node: Node, found: ParsedScript): void {
  if (node.isError || node.isMissing) found.errors.push(node.text.slice(0, 100) || `missing ${node.type}`);
  if (node.type === 'command_name') found.commands.push(node.text);
  if (node.type === 'invokation_expression') found.invocations.push(node.text);
  if (node.type === 'comment') found.comments.push(node.text);
  for (const child of node.children) if (child) collect(child, found);
}
