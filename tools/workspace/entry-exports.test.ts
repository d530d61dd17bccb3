import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { entryExports, entryProblems } from './entry-exports.ts';
import { workspaceRoot } from './root.mjs';
import { sourceArguments, sourceEnvironment } from './source-mode.mjs';

const folder = mkdtempSync(join(tmpdir(), 'headstart-entries-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('counts the names of each entry and finds those without a doc comment, through re-exports', () => {
  writeFileSync(
    join(folder, 'parts.ts'),
    '/** Told. */\nexport const told = 1;\n\nexport type Bare = string;\n// No doc comment.\nexport function bare(): void {}\n',
  );
  writeFileSync(join(folder, 'index.ts'), "export { told, bare as renamed, type Bare } from './parts.ts';\n");
  writeFileSync(
    join(folder, 'more.ts'),
    '/** @throws Error always */\nexport function fails(): never {\n  throw new Error();\n}\n',
  );
  const entry = (name: string) => ({ '@headstart/source': `./${name}.ts` });
  const found = entryExports({
    folder,
    manifest: {
      name: 'parts',
      version: '1.0.0',
      exports: { '.': entry('index'), './more': entry('more'), './package.json': './package.json' },
    },
  });
  expect(found).toEqual([
    { entry: 'parts', names: ['told', 'renamed', 'Bare'], undocumented: ['renamed', 'Bare'] },
    { entry: 'parts/more', names: ['fails'], undocumented: [] },
  ]);
  expect(entryProblems(found, 2)).toEqual([
    'parts: renamed has no doc comment.',
    'parts: Bare has no doc comment.',
    'parts has 3 names, over 2: move some to the entry of their use.',
  ]);
  expect(entryProblems(found.slice(1), 1)).toEqual([]);
});

it('finds nothing wrong with the entries of core', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...sourceArguments, join(workspaceRoot, 'tools/entries.ts')],
    { env: sourceEnvironment(), encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^@headstart\/core +\d+$/m);
  expect(status).toBe(0);
});
