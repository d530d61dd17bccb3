import { checkConfig } from './check-config.ts';
import { defineConfig, type HeadstartConfig } from './config.ts';
import { loadFile } from './load-file.ts';

/** What this package and the thin one above it are called in a configuration's imports. */
const OURS = ['headstart', '@headstart/cli'];

/**
 * The configuration in a file; a script is run.
 * @throws HeadstartError as `loadFile` and `checkConfig`
 */
export async function loadConfig(file: string): Promise<HeadstartConfig> {
  const given = Object.fromEntries(OURS.map((name) => [name, { defineConfig }]));
  return checkConfig(file, await loadFile(file, { given, example: 'export default defineConfig({ plugins: [] });' }));
}
