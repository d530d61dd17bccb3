import ts from 'typescript';

/** What a module or a declaration file imports, in any of the ways to write it. */
export function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}
