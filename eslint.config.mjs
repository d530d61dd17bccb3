// @ts-check
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { coreFloors } from './tools/lint/core-floors.mjs';
import { folderFloors } from './tools/lint/folder-floors.mjs';
import { injectParameters } from './tools/lint/inject-parameters.mjs';

// The boundary rule reads the project graph from Nx's cache and skips itself where there is none:
// write it first, so that a clean clone is checked like any other.
process.env['NX_DAEMON'] ??= 'false';
await createProjectGraphAsync({ exitOnError: false });

/** What a project may depend on, by its tag. Domains meet through core only. */
const arrows = [
  { sourceTag: 'scope:artifacts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:core', onlyDependOnLibsWithTags: ['scope:artifacts'] },
  { sourceTag: 'scope:backend', onlyDependOnLibsWithTags: ['scope:core', 'scope:artifacts'] },
  { sourceTag: 'scope:domain', onlyDependOnLibsWithTags: ['scope:core', 'scope:artifacts'] },
  { sourceTag: 'scope:bench', onlyDependOnLibsWithTags: ['scope:core', 'scope:artifacts'] },
  { sourceTag: 'scope:app', onlyDependOnLibsWithTags: ['*'] },
];

const publicEntryOnly = {
  patterns: [
    {
      regex: '^@headstart/[^/]+/(src|dist)(/|$)',
      message: "Import what the package's exports map offers; the rest of it is private.",
    },
    {
      regex: '^\\.{1,2}/(.*/)?packages/[^/]+/',
      message: 'Import the package by its name; a path into it goes around its exports map.',
    },
  ],
};

/** Domains are optional peers of the command. */
const optionalDomains = {
  regex: '^@headstart/(vision|nlp|detection|bench)(/|$)',
  message: 'A domain may not be installed: load it where it is needed, with a word about what to install.',
};

/** @param {string[]} allow paths @param {string[]} lazy packages that may be loaded at once although others load them lazily */
const boundaries = (allow, lazy) => [
  'error',
  { allow, checkDynamicDependenciesExceptions: lazy, depConstraints: arrows },
];

export default defineConfig(
  // The example plugin is a third party's: it is typed by the compiled packages, and its own build and tests check it.
  {
    ignores: ['**/dist/**', '**/coverage/**', 'runs/**', '.nx/**', '**/node_modules/**', 'examples/plugin-audio/**'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A port's methods are asynchronous by contract, also where one adapter has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    plugins: { '@nx': nx, local: { rules: { 'inject-parameters': injectParameters, 'folder-floors': folderFloors } } },
    languageOptions: { parser: /** @type {any} */ (tseslint.parser) },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(
        // tools/ has no package of its own: tests/ reaches it by path.
        // A name that begins with # (Nx takes a regular expression) is of a package's own imports map, which chooses
        // sources or compiled files.
        ['../tools/**', '../../tools/**', '^#'],
        // The command loads their light entries at once and the rest when it computes: tests/help-modules.test.ts holds it.
        ['@headstart/core', '@headstart/artifacts'],
      ),
      'no-restricted-imports': ['error', publicEntryOnly],
      'local/inject-parameters': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['packages/cli/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [...publicEntryOnly.patterns, optionalDomains] }] },
  },
  {
    files: ['packages/core/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.test.*.ts'],
    rules: { 'local/folder-floors': ['error', { root: 'packages/core/src', floors: coreFloors }] },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['packages/cli/**', '**/*.test.ts'],
    // Libraries report through events, errors and progress; only the command talks to the terminal.
    rules: { 'no-console': 'error' },
  },
  {
    // Fuzzing reaches readers that no entry offers: of configurations, of requests, of the kits that write models.
    files: ['tools/fuzz/**/*.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    // What is loaded at once matters to a command that people wait for, not to the repository's own programs.
    files: ['tools/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(['../../../packages/**', '^#'], ['^@headstart/']) },
  },
  {
    files: ['**/index.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'An entry lists its names one by one; `export *` hides what is public.',
        },
      ],
    },
  },
);
