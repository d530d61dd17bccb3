import { join } from 'node:path';
import ts from 'typescript';
import { entriesOf, type WorkspacePackage } from './packages.ts';
import { workspaceRoot } from './root.mjs';

/** What a package offers under one of the paths of its exports map. */
export interface EntryExports {
  /** As it is imported, such as `@headstart/core/images`. */
  readonly entry: string;
  readonly names: readonly string[];
  /** Those among the names whose declaration has no doc comment. */
  readonly undocumented: readonly string[];
}

/**
 * The exported names of a package's entries, read from its sources, in the order of the exports map.
 * @throws Error where an entry's source is no module
 */
export function entryExports(item: WorkspacePackage): EntryExports[] {
  const entries = entriesOf(item);
  const program = ts.createProgram(
    entries.map(({ source }) => source),
    compilerOptions(),
  );
  const checker = program.getTypeChecker();
  return entries.map(({ entry, source }) => {
    const file = program.getSourceFile(source);
    const module = file && checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`${entry} is to come from ${source}, which is not a module.`);
    const symbols = checker.getExportsOfModule(module);
    return {
      entry,
      names: symbols.map(({ name }) => name),
      undocumented: symbols.filter((symbol) => !isDocumented(symbol, checker)).map(({ name }) => name),
    };
  });
}

/**
 * What is wrong with the entries of a package, a sentence each; empty where all is well.
 * @param mostAtRoot so many names the entry without a subpath may have
 */
export function entryProblems(entries: readonly EntryExports[], mostAtRoot: number): string[] {
  const undocumented = entries.flatMap(({ entry, undocumented }) =>
    undocumented.map((name) => `${entry}: ${name} has no doc comment.`),
  );
  const root = entries[0];
  if (root === undefined || root.names.length <= mostAtRoot) return undocumented;
  return [
    ...undocumented,
    `${root.entry} has ${root.names.length} names, over ${mostAtRoot}: move some to the entry of their use.`,
  ];
}

function isDocumented(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return declared.getDocumentationComment(checker).length > 0 || declared.getJsDocTags(checker).length > 0;
}

/** The workspace's own options, so that packages resolve one another's sources. */
function compilerOptions(): ts.CompilerOptions {
  const path = join(workspaceRoot, 'tsconfig.base.json');
  const { config, error } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as {
    config: unknown;
    error?: ts.Diagnostic;
  };
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, workspaceRoot, undefined, path);
  return { ...options, noEmit: true, composite: false };
}
