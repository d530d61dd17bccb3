import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadedModules } from '../tools/workspace/loaded-modules.ts';
import { workspaceRoot } from '../tools/workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../tools/workspace/source-mode.mjs';

const main = join(workspaceRoot, 'packages', 'headstart', 'src', 'main.ts');

function headstart(...args: string[]) {
  const { files, ...outcome } = loadedModules([...sourceArguments, main, ...args], sourceEnvironment());
  return { ...outcome, files: files.map((file) => relative(workspaceRoot, file).split(sep).join('/')) };
}

describe('the real command, asked how it is used', () => {
  // Core's whole entry is some 700 modules; what the options of `train` are made of are a few small ones.
  it.each<[string, string[], number, RegExp]>([
    ['--help', ['--help'], 0, /^Usage: headstart/],
    ['--version', ['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    ['the help of train', ['train', '--help'], 0, /--label-smoothing/],
    ['a mistyped command', ['trian'], 2, /Did you mean train\?/],
    ['a mistyped option', ['train', 'photos', '--epoch', '1'], 2, /Did you mean --epochs\?/],
  ])('answers %s without core, a backend or a tensor library', (_, args, status, said) => {
    const { files, ...outcome } = headstart(...args);
    expect(outcome.status).toBe(status);
    expect(outcome.stdout + outcome.stderr).toMatch(said);
    expect(files).toContain('packages/cli/src/command-line.ts');
    expect(
      files.filter((file) => /(^|\/)node_modules\/(@tensorflow|tsyringe|sharp|koffi|undici)\//.test(file)),
    ).toEqual([]);
    const ours = files.filter((file) =>
      /^packages\/(?!headstart\/|cli\/|artifacts\/src\/(errors|storage)\/)/.test(file),
    );
    expect(ours.filter((file) => !/^packages\/core\/src\/(options\/|ports\/precision\.ts$)/.test(file))).toEqual([]);
  });
});
