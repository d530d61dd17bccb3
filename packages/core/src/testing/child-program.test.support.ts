import { build } from 'esbuild';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Arguments for node that run a TypeScript program of this workspace from its sources. */
export const childArguments: readonly string[] = [
  '--conditions=@headstart/source',
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
];

const workspace = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * A TypeScript program of this workspace with all its sources as one file for node, which starts in half the time: for
 * tests that start one many times. Published packages stay what they are.
 */
export async function bundledProgram(program: string): Promise<string> {
  const folder = join(workspace, 'node_modules', '.cache', 'headstart-tests');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${basename(program, '.ts')}-${process.pid}.mjs`);
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@headstart/source'],
    tsconfig: join(workspace, 'tsconfig.base.json'),
    logLevel: 'silent',
    plugins: [
      {
        name: 'published-packages',
        setup(build) {
          build.onResolve({ filter: /^[^./#]/ }, ({ path }) =>
            path.startsWith('@headstart/') || path === program ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  return outfile;
}
