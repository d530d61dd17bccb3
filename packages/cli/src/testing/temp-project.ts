import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A project in a temporary folder, with packages installed as npm would: each a folder in node_modules. */
export class TempProject {
  private constructor(readonly folder: string) {}

  static async create(): Promise<TempProject> {
    const project = new TempProject(await realpath(await mkdtemp(join(tmpdir(), 'headstart-project-'))));
    // Plugins find the copy of core that the command has.
    const core = dirname(createRequire(import.meta.url).resolve('@headstart/core/package.json'));
    await mkdir(join(project.folder, 'node_modules', '@headstart'), { recursive: true });
    await symlink(core, join(project.folder, 'node_modules', '@headstart', 'core'), 'junction');
    return project;
  }

  /** Writes a file, or a JSON document, by its path in the project. */
  async write(path: string, content: string | object): Promise<string> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return file;
  }

  /** Installs a package of one module. @param manifest what its package.json has beside name, version and exports */
  async install(name: string, module: string, manifest: object = {}): Promise<void> {
    const folder = join('node_modules', name);
    // As packages often are: what may be imported is listed, and package.json is not.
    const exports = { '.': { import: './index.js' } };
    await this.write(join(folder, 'package.json'), { name, version: '1.2.0', type: 'module', exports, ...manifest });
    await this.write(join(folder, 'index.js'), module);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** The module of a plugin. @param setup the body of its `setup`, with the context as `context` */
export function pluginModule(name: string, setup: string, { headstart = '^0.1' } = {}): string {
  return `import { definePlugin } from '@headstart/core';
export default definePlugin({ name: '${name}', version: '1.2.0', headstart: '${headstart}', setup(context) { ${setup} } });
`;
}

/** A scheme that a plugin adds in `setup`, and how its manifest says so. */
export function schemeOf(scheme: string): { readonly setup: string; readonly manifest: object } {
  const fields = { scheme, modality: 'audio', description: `${scheme} by file` };
  return {
    setup: `context.sources.addScheme({ ...${JSON.stringify(fields)}, resolve() { throw new Error('unused'); } });`,
    manifest: { keywords: ['headstart-plugin'], headstart: { api: 1, contributes: { schemes: [fields] } } },
  };
}
