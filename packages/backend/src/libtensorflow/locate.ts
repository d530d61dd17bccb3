import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/core';
import { findLibraryFiles, type LibraryFiles } from './library-files.ts';
import { libraryProblem } from './library-soundness.ts';

/** The TensorFlow release whose C API and kernels Headstart is tested against. */
export const TENSORFLOW_VERSION = '2.21.0';

export type LibraryVariant = 'cpu' | 'gpu';

/** `<cache>/libtensorflow/2.21.0-cpu`, laid out as site-packages. */
export function libraryFolder(variant: LibraryVariant, env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'libtensorflow', `${TENSORFLOW_VERSION}-${variant}`);
}

export interface LocatedLibrary {
  files: LibraryFiles;
  /** Where it was found, for people. */
  origin: string;
}

/**
 * The library on this machine: the path in HEADSTART_LIBTENSORFLOW, else the cache, the GPU build
 * first unless only the CPU is wanted. One in the cache that was damaged counts as none.
 *
 * @throws HeadstartError `backend-unavailable` when HEADSTART_LIBTENSORFLOW names no library, or one that was damaged
 */
export function locateLibrary(
  device: 'gpu' | 'cpu' | 'auto',
  env: NodeJS.ProcessEnv = process.env,
): LocatedLibrary | undefined {
  const given = env.HEADSTART_LIBTENSORFLOW;
  if (given) {
    const files = findLibraryFiles(given);
    const problem = files && libraryProblem(files);
    if (problem !== undefined) {
      throw new HeadstartError({
        code: 'backend-unavailable',
        message: `HEADSTART_LIBTENSORFLOW is ${given}, a library that cannot be used: ${problem}`,
        hint: 'Install it there again, or unset HEADSTART_LIBTENSORFLOW to use the one in the cache.',
      });
    }
    if (files) return { files, origin: 'HEADSTART_LIBTENSORFLOW' };
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `HEADSTART_LIBTENSORFLOW is ${given}, which does not hold both libtensorflow_cc and libtensorflow_framework.`,
      hint: 'Set it to the folder that holds both, such as site-packages/tensorflow, or unset it.',
    });
  }
  for (const variant of variantsFor(device)) {
    const files = findLibraryFiles(libraryFolder(variant, env));
    if (files && libraryProblem(files) === undefined) return { files, origin: `the ${variant} build in the cache` };
  }
  return undefined;
}

/** Why there is no library in the cache that can be used, where there is one. */
export function damagedLibrary(
  device: 'gpu' | 'cpu' | 'auto',
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  for (const variant of variantsFor(device)) {
    const files = findLibraryFiles(libraryFolder(variant, env));
    const problem = files && libraryProblem(files);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function variantsFor(device: 'gpu' | 'cpu' | 'auto'): LibraryVariant[] {
  if (device === 'gpu') return ['gpu'];
  return device === 'cpu' ? ['cpu', 'gpu'] : ['gpu', 'cpu'];
}
