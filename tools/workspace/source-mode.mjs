// How a program runs on the workspace's TypeScript sources, without a build.
// @ts-check
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from './root.mjs';

/**
 * Arguments for node: the packages' exports maps answer the condition with `src/index.ts`, and tsx
 * strips the types.
 */
export const sourceArguments = [
  '--conditions=@headstart/source',
  '--import',
  pathToFileURL(join(workspaceRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href,
];

/**
 * The environment to go with it. tsx reads the decorators' dialect from the base configuration: the
 * one at the root lists no files, so tsx would apply it to none.
 * @param {NodeJS.ProcessEnv} [base]
 * @returns {NodeJS.ProcessEnv}
 */
export function sourceEnvironment(base = process.env) {
  return { ...base, TSX_TSCONFIG_PATH: join(workspaceRoot, 'tsconfig.base.json') };
}
