import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeOf } from './notice.ts';
import { workspacePackages, type WorkspacePackage } from './packages.ts';
import { workspaceRoot } from './root.mjs';
import { vendoredFiles, type VendoredFile } from './vendored.ts';

const packages = new Map(workspacePackages().map((item) => [item.manifest.name, item]));

/** Inside the workspace, whose node_modules what is shared comes from. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(workspaceRoot, 'node_modules', '.headstart-vendored-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function filesOf(name: string): Promise<VendoredFile[]> {
  return vendoredFiles(packages.get(name)!);
}

/** What a program prints as JSON, in a process of its own. */
function printed(program: string): unknown {
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }));
}

function written({ path, text }: VendoredFile): string {
  const file = join(folder, path.replaceAll('/', '-').replace(/\.js$/, '.mjs'));
  writeFileSync(file, text);
  return file;
}

const names = `Object.values(tf).filter((value) => typeof value === 'string')`;
const core = `const tf = (await import(${JSON.stringify(join(workspaceRoot, 'node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js'))})).default;`;
const union = JSON.stringify(join(workspaceRoot, 'node_modules/@tensorflow/tfjs/dist/tf.node.js'));

describe('vendoredFiles', () => {
  it('hold the gradients and chained ops that TensorFlow.js itself registers', async () => {
    const [file] = await filesOf('@headstart/core');
    const registered = `${core} for (const module of modules) await import(module);
      const gradients = ${names}.map((name) => [name, tf.getGradient(name)?.inputsToSave ?? null, tf.getGradient(name)?.outputsToSave ?? null, !!tf.getGradient(name)]);
      console.log(JSON.stringify({ gradients, chained: Object.keys(tf.Tensor.prototype).sort() }));`;
    const [ours, theirs] = [JSON.stringify(written(file!)), union].map((module) =>
      printed(`const modules = [${module}]; ${registered}`),
    );
    expect(ours).toEqual(theirs);
    expect((ours as { gradients: unknown[][] }).gradients.filter(([, , , has]) => has).length).toBeGreaterThan(80);
  });

  it("hold tfjs-node's kernels and backend class, which share our tfjs-core", async () => {
    const [file] = await filesOf('@headstart/backend');
    const registered = `${core} const ours = await import(${JSON.stringify(written(file!))});
      console.log(JSON.stringify({
        kernels: tf.getKernelsForBackend('tensorflow').map(({ kernelName }) => kernelName).sort(),
        extends: ours.NodeJSKernelBackend.prototype instanceof tf.KernelBackend,
      }));`;
    const stock = `${core} const { createRequire } = await import('node:module');
      createRequire(${JSON.stringify(join(workspaceRoot, 'package.json'))})('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
      console.log(JSON.stringify({
        kernels: tf.getKernelsForBackend('tensorflow').map(({ kernelName }) => kernelName).sort(),
        extends: true,
      }));`;
    expect(printed(registered)).toEqual(printed(stock));
  });

  it('say what they are made of and keep the notices of its authors', async () => {
    const vision = await filesOf('@headstart/vision');
    expect(vision.map(({ path, works }) => [path, works.map(({ name }) => name)])).toEqual([
      ['dist/vendor/tfjs-converter.js', ['@tensorflow/tfjs-converter']],
      ['dist/vendor/tfjs-layers.js', ['@tensorflow/tfjs-layers']],
    ]);
    for (const { text } of vision) {
      expect(text).toMatch(/^\/\/ Bundled, with parts left out, from the JavaScript of\n\/\/ @tensorflow\/tfjs-\w+ \d/);
      // Code of seedrandom's and Alea's authors that TensorFlow.js itself has bundled.
      for (const author of ['Google LLC', 'David Bau', 'Johannes Baagøe'])
        expect(text).toMatch(new RegExp(`Copyright .*${author}`));
    }
    const notice = noticeOf('@headstart/vision', vision);
    expect(notice).toMatch(
      /dist\/vendor\/tfjs-layers\.js: @tensorflow\/tfjs-layers \d+\.\d+\.\d+, Apache-2\.0 AND MIT/,
    );
    expect(notice).toContain('Permission is hereby granted');
  });

  it('refuse code of a package, or of a version, that package.json does not name', async () => {
    const vision = packages.get('@headstart/vision')!;
    const item = (version?: string): WorkspacePackage => ({
      ...vision,
      manifest: { ...vision.manifest, devDependencies: version ? { '@tensorflow/tfjs-converter': version } : {} },
    });
    await expect(vendoredFiles(item())).rejects.toThrow(/code of @tensorflow\/tfjs-converter .* names none/);
    await expect(vendoredFiles(item('4.21.0'))).rejects.toThrow(/package\.json names 4\.21\.0/);
  });
});
