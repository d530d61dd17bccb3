import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stagedFolder } from '../publishing/stage.ts';
import { npm } from '../workspace/npm.mjs';
import { publishedPackages } from '../workspace/packages.ts';
import { plainEnvironment, runProgram, succeeded } from './run-program.ts';

/**
 * Publishes a folder to the registry at an address.
 * @param scripts whether the package's own scripts run, such as one that compiles it
 * @throws Error with what npm said where it fails
 */
export async function publishFolder(url: string, folder: string, scripts: boolean): Promise<void> {
  const { file, args, shell } = npm();
  // Verdaccio takes any token; npm will not publish without one. Provenance is a build server's to give.
  const token = `--${url.replace(/^http:/, '')}:_authToken=loopback`;
  const wishes = ['--provenance=false', `--ignore-scripts=${!scripts}`, '--loglevel=error'];
  const options = ['publish', '--registry', url, token, ...wishes];
  succeeded(await runProgram(file, [...args, ...options], { cwd: folder, env: plainEnvironment(), shell }));
}

/**
 * Publishes every package that `npm run build` has laid out, as it lies there, to the registry at an address.
 * @throws Error where they are not laid out, or npm refuses one
 */
export async function publishPackages(url: string): Promise<void> {
  const staged = publishedPackages().map(stagedFolder);
  const missing = staged.filter((folder) => !existsSync(join(folder, 'package.json')));
  if (missing.length > 0) throw new Error(`${missing.join(', ')} is not there: run npm run build first.`);
  await Promise.all(staged.map((folder) => publishFolder(url, folder, false)));
}
