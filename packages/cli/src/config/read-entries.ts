import { readRegular } from '@headstart/artifacts/storage';

import { extname } from 'node:path';

/** A plugin that a configuration names, known without running it. */
export interface NamedEntry {
  readonly name: string;
}

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

/**
 * The packages that a script's `plugins` names, read from its text: `'name'`, `['name', options]`, and `plugin()` where
 * `plugin` is imported from a package.
 * @returns undefined where the text alone does not say it (a spread, a condition, a plugin from a file, any other key than
 * `plugins` and `defaults`): it has to be run then
 */
export async function readEntries(file: string): Promise<readonly NamedEntry[] | undefined> {
  const { parseModule } = await import('magicast');
  try {
    const { $ast } = parseModule((await readRegular(file)).toString('utf8'), {
      sourceFileName: `config${extname(file)}`,
    });
    const body = (($ast as unknown as Node)['body'] ?? []) as Node[];
    const config = configObject(body);
    const members = config && objectMembers(config);
    if (!members || [...members.keys()].some((key) => key !== 'plugins' && key !== 'defaults')) return undefined;
    const plugins = members.get('plugins');
    if (plugins?.type !== 'ArrayExpression') return undefined;
    const imported = importedFrom(body);
    const entries = (plugins['elements'] as (Node | null)[]).map((element) => entryName(element, imported));
    return entries.every((name) => name !== undefined) ? entries.map((name) => ({ name })) : undefined;
  } catch {
    return undefined; // running it says what is wrong
  }
}

function configObject(body: readonly Node[]): Node | undefined {
  const exported = body.find(({ type }) => type === 'ExportDefaultDeclaration')?.['declaration'] as Node | undefined;
  const value = exported?.type === 'CallExpression' ? (exported['arguments'] as Node[])[0] : exported;
  return value?.type === 'ObjectExpression' ? value : undefined;
}

/** The members of an object by their names; undefined where one has none that stands in the text. */
function objectMembers(object: Node): Map<string, Node> | undefined {
  const members = new Map<string, Node>();
  for (const member of object['properties'] as Node[]) {
    const key = member['key'] as Node | undefined;
    const name = key?.type === 'Identifier' ? key['name'] : key?.['value'];
    if (!/^(Object)?Property$/.test(member.type) || member['computed'] || typeof name !== 'string') return undefined;
    members.set(name, member['value'] as Node);
  }
  return members;
}

/** The packages that names in a script come from. */
function importedFrom(body: readonly Node[]): ReadonlyMap<string, string> {
  return new Map(
    body
      .filter(({ type }) => type === 'ImportDeclaration')
      .flatMap((declaration) => {
        const from = (declaration['source'] as Node)['value'] as string;
        const names = (declaration['specifiers'] as Node[]).map((each) => (each['local'] as Node)['name'] as string);
        return names.map((name) => [name, from] as const);
      })
      .filter(([, from]) => /^(?:@[^/:]+\/)?[^./@:][^/:]*$/.test(from)),
  );
}

function entryName(element: Node | null, imported: ReadonlyMap<string, string>): string | undefined {
  if (element?.type === 'StringLiteral') return element['value'] as string;
  if (element?.type === 'ArrayExpression') {
    const [first] = element['elements'] as (Node | null)[];
    return first?.type === 'StringLiteral' ? (first['value'] as string) : undefined;
  }
  const callee = element?.type === 'CallExpression' ? (element['callee'] as Node) : undefined;
  return callee?.type === 'Identifier' ? imported.get(callee['name'] as string) : undefined;
}
