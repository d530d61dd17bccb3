import { ESLint } from 'eslint';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The rules that guard the workspace's shape, on the configuration that `npm test` lints with. The
 * rules that need types are left out: they refuse a file that no tsconfig lists.
 */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { projectService: false } },
    },
  ],
  ruleFilter: ({ ruleId }) => guards.has(ruleId),
});
const guards = new Set([
  '@nx/enforce-module-boundaries',
  'no-restricted-imports',
  'no-restricted-syntax',
  'local/inject-parameters',
  'local/folder-floors',
]);

/** The messages for `code` as if it stood in `file`, each with its rule. */
async function lint(file: string, code: string): Promise<{ ruleId: string | null; message: string }[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ({ ruleId, message }));
}

const boundary = '@nx/enforce-module-boundaries';

// The first use loads the configuration and the project graph.
beforeAll(async () => void (await lint('packages/core/src/index.ts', '')));

describe('arrows between packages', () => {
  it.each([
    ['packages/artifacts/src/index.ts', '@headstart/core', 'scope:artifacts'],
    ['packages/core/src/index.ts', '@headstart/backend', 'scope:core'],
    ['packages/core/src/index.ts', '@headstart/vision', 'scope:core'],
    ['packages/vision/src/index.ts', '@headstart/backend', 'scope:domain'],
    ['packages/vision/src/index.ts', '@headstart/cli', 'scope:domain'],
    ['packages/backend/src/index.ts', '@headstart/vision', 'scope:backend'],
  ])('%s must not import %s', async (file, imported, tag) => {
    const found = await lint(file, `import * as it from '${imported}';\nexport const use = it;\n`);
    expect(found).toEqual([
      { ruleId: boundary, message: expect.stringMatching(`${tag}|Circular dependency`) as string },
    ]);
  });

  it.each([
    ['packages/core/src/index.ts', '@headstart/artifacts'],
    ['packages/vision/src/index.ts', '@headstart/core'],
    ['packages/backend/src/index.ts', '@headstart/core'],
    ['tests/lint.test.ts', '@headstart/cli'],
  ])('%s may import %s', async (file, imported) => {
    expect(await lint(file, `import * as it from '${imported}';\nexport const use = it;\n`)).toEqual([]);
  });

  // The command answers --help and mistakes at once, and also where a domain is not installed.
  it.each([
    ['@headstart/backend', boundary, 'lazy-loaded'],
    ['@headstart/vision', 'no-restricted-imports', 'may not be installed'],
  ])('packages/cli/src/index.ts may import %s, but only when it is needed', async (imported, ruleId, reason) => {
    expect(await lint('packages/cli/src/index.ts', `export const use = () => import('${imported}');\n`)).toEqual([]);
    const found = await lint(
      'packages/cli/src/index.ts',
      `import * as it from '${imported}';\nexport const use = it;\n`,
    );
    expect(found).toEqual([{ ruleId, message: expect.stringContaining(reason) as string }]);
  });
});

describe('entries', () => {
  it.each(['@headstart/core/src/index.ts', '@headstart/core/dist/index.js', '../../packages/core/src/index.ts'])(
    'refuses %s',
    async (path) => {
      const found = await lint('packages/cli/src/index.ts', `export { cacheRoot } from '${path}';\n`);
      expect(found.map(({ ruleId }) => ruleId)).toContain('no-restricted-imports');
    },
  );

  it('refuses `export *` in an index, and only there', async () => {
    const code = "export * from './errors/suggest.ts';\n";
    expect((await lint('packages/core/src/index.ts', code)).map(({ ruleId }) => ruleId)).toEqual([
      'no-restricted-syntax',
    ]);
    expect(await lint('packages/core/src/other.ts', code)).toEqual([]);
  });
});

describe('floors inside core', () => {
  it.each([
    ['network', 'training', ['local/folder-floors']],
    ['training', 'network', []],
  ])('%s importing from %s', async (from, to, rules) => {
    const code = `import type { It } from '../${to}/it.ts';\nexport type Use = It;\n`;
    expect((await lint(`packages/core/src/${from}/other.ts`, code)).map(({ ruleId }) => ruleId)).toEqual(rules);
  });
});

describe('injection', () => {
  it('asks for a token on each constructor parameter', async () => {
    const code = '@injectable()\nexport class Sample { constructor(readonly clock: Clock) {} }\n';
    expect((await lint('packages/core/src/other.ts', code)).map(({ ruleId }) => ruleId)).toEqual([
      'local/inject-parameters',
    ]);
  });
});
