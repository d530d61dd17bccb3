import { addProjectConfiguration, joinPathFragments, type Tree } from '@nx/devkit';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { PluginOptions } from '../options.ts';
import { pluginFiles } from '../plugin-files.ts';
import { occupied } from '../write-folder.ts';

/** What only a repository of the plugin's own has a use for. */
const OWN_REPOSITORY = /^\.github\//;

/**
 * `nx g @headstart/create-plugin:plugin`: the same package as a project of an Nx workspace, whose CI stands in for the
 * package's own.
 * @throws HeadstartError `invalid-option`, `unknown-name`, `plugin-conflict`, `storage-failed`
 */
export default async function pluginGenerator(tree: Tree, options: PluginOptions): Promise<void> {
  const { name, files } = await pluginFiles(options);
  const root = joinPathFragments(options.directory ?? `packages/${name.folder}`);
  if (root === '.' || root.startsWith('..') || root.startsWith('/')) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${options.directory} is not a folder inside the workspace.`,
      hint: 'Give --directory as a path relative to the root of the workspace, such as packages/tones.',
    });
  }
  if (tree.exists(root) && (tree.isFile(root) || tree.children(root).length > 0))
    throw occupied(root, 'is there already');
  for (const [path, content] of files) {
    if (!OWN_REPOSITORY.test(path)) tree.write(joinPathFragments(root, path), asWritten(content));
  }
  addProjectConfiguration(tree, name.packageName, { root, projectType: 'library', sourceRoot: `${root}/src` });
}

function asWritten(content: string | Uint8Array): string | Buffer {
  return typeof content === 'string' ? content : Buffer.from(content);
}
