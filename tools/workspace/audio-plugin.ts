import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from './root.mjs';

/** The folder of a plugin that stands for other people's: a package outside the workspace. */
export const audioPlugin = join(workspaceRoot, 'examples', 'plugin-audio');

/** Writes the recordings of two keywords, `rise` and `fall`, that its tests learn: so many of each, in a folder per word. */
export async function writeGlides(folder: string, times: number): Promise<void> {
  // No import that types would follow: they are checked by the plugin's own settings.
  const program = pathToFileURL(join(audioPlugin, 'tools', 'glides.ts')).href;
  const glides = (await import(program)) as { writeGlides: typeof writeGlides };
  await glides.writeGlides(folder, times);
}
