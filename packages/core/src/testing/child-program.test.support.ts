import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Arguments for node that run a TypeScript program of this workspace from its sources. */
export const childArguments: readonly string[] = [
  '--conditions=@headstart/source',
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
];
