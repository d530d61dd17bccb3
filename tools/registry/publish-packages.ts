import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stagedFolder } from '../publishing/stage.ts';
import { npm } from '../workspace/npm.mjs';
import { publishedPackages } from '../workspace/packages.ts';
import { plainEnvironment, runProgram, succeeded } from './run-program.ts';
import type { LocalRegistry } from './verdaccio.ts';

/** Publishes a folder as it is. @throws Error with what npm said where it fails */
async function publish({ url }: LocalRegistry, folder: string): Promise<void> {
  const { file, args, shell } = npm();
  // Verdaccio takes any token; npm will not publish without one. Provenance is a build server's to give.
  const token = `--${url.replace(/^http:/, '')}:_authToken=loopback`;
  const options = ['publish', '--registry', url, token, '--provenance=false', '--ignore-scripts', '--loglevel=error'];
  succeeded(await runProgram(file, [...args, ...options], { cwd: folder, env: plainEnvironment(), shell }));
}

/**
 * Publishes every package that `npm run build` has laid out.
 * @throws Error where they are not laid out, or npm refuses one
 */
export async function publishPackages(registry: LocalRegistry): Promise<void> {
  const staged = publishedPackages().map(stagedFolder);
  const missing = staged.filter((folder) => !existsSync(join(folder, 'package.json')));
  if (missing.length > 0) throw new Error(`${missing.join(', ')} is not there: run npm run build first.`);
  await Promise.all(staged.map((folder) => publish(registry, folder)));
}
