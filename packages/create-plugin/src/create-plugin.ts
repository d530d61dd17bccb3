import { resolve } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { PluginOptions } from './options.ts';
import { pluginFiles } from './plugin-files.ts';
import { writeFolder } from './write-folder.ts';

/** What was made. */
export interface CreatedPlugin {
  /** Absolute path of the package's folder. */
  readonly folder: string;
  readonly packageName: string;
  /** What users call what the plugin adds. */
  readonly id: string;
  /** Paths in the folder, with `/`. */
  readonly files: readonly string[];
}

/**
 * Starts a plugin: a package with a working example of its kind, in a folder of its own. Nothing is written where it cannot
 * be written whole.
 * @param cwd what `directory` is relative to
 * @throws HeadstartError `invalid-option`, `unknown-name`, `plugin-conflict`, `storage-*`
 */
export async function createPlugin(options: PluginOptions, cwd = process.cwd()): Promise<CreatedPlugin> {
  const { name, files } = await pluginFiles(options);
  const { directory = name.folder } = options;
  if (directory.trim() === '') {
    throw new HeadstartError({
      code: 'invalid-option',
      message: 'The folder to make has no name.',
      hint: 'Name a folder that does not exist yet with --directory, or leave it out.',
    });
  }
  const folder = resolve(cwd, directory);
  await writeFolder(folder, files);
  return { folder, packageName: name.packageName, id: name.id, files: [...files.keys()] };
}
