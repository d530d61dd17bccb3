import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import ts from 'typescript';
import { coreFloors } from './lint/core-floors.mjs';
import { workspaceRoot } from './workspace/root.mjs';

/** Imports from one folder of core to another. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  values: number;
  types: number;
}

/** `npm run floors`: the folders of core's sources and what each imports of the others. */
function main(): number {
  const arrows = folderArrows(join(workspaceRoot, 'packages/core/src'));
  for (const folder of [...coreFloors].reverse()) {
    const down = arrows.filter(({ from, to }) => from === folder && to !== folder);
    const text = down
      .sort((a, b) => floorOf(b.to) - floorOf(a.to))
      .map(({ to, values, types }) => `${to} ${values}+${types}`);
    console.log(`${folder.padEnd(10)} ${text.join(', ') || '-'}`);
  }
  console.log(
    `\n${coreFloors.length} folders, the highest first; after each folder that it imports from: value imports + type imports.`,
  );
  const upwards = arrows.filter(({ from, to }) => floorOf(from) < floorOf(to));
  for (const { from, to } of upwards) console.log(`UPWARDS: ${from} imports from ${to}`);
  const unlisted = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))].filter((folder) => floorOf(folder) < 0);
  if (unlisted.length > 0) console.log(`NO FLOOR: ${unlisted.join(', ')}`);
  const fine = upwards.length === 0 && unlisted.length === 0;
  if (fine) console.log('Every arrow goes down: no circle of values, none of types.');
  return fine ? 0 : 1;
}

function floorOf(folder: string): number {
  return coreFloors.indexOf(folder);
}

function folderArrows(root: string): Arrow[] {
  const arrows = new Map<string, Arrow>();
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.test\./.test(file),
  );
  for (const file of files.filter((name) => name.includes(sep))) {
    const from = file.split(sep)[0]!;
    for (const { path, typeOnly } of importsOf(readFileSync(join(root, file), 'utf8'))) {
      const to = normalize(join(dirname(file), path)).split(sep)[0]!;
      if (to === from) continue;
      const arrow = arrows.get(`${from} ${to}`) ?? { from, to, values: 0, types: 0 };
      arrows.set(`${from} ${to}`, arrow);
      arrow[typeOnly ? 'types' : 'values'] += 1;
    }
  }
  return [...arrows.values()];
}

/** The relative modules that a source imports or re-exports. */
function importsOf(text: string): { path: string; typeOnly: boolean }[] {
  const found: { path: string; typeOnly: boolean }[] = [];
  const add = (path: ts.Expression | undefined, typeOnly: boolean) => {
    if (path && ts.isStringLiteral(path) && path.text.startsWith('.')) found.push({ path: path.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest));
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  const { namedBindings } = clause;
  const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
  return clause.isTypeOnly || (!clause.name && named.length > 0 && named.every((element) => element.isTypeOnly));
}

process.exitCode = main();
