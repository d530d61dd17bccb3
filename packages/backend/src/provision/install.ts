import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createArtifacts, HeadstartError, type Artifacts, type Progress } from '@headstart/core';
import { libraryProblem, markInstalled } from '../libtensorflow/library-soundness.ts';
import { findLibraryFiles, type LibraryFiles } from '../libtensorflow/library-files.ts';
import { driverProblem, readCudaDriver } from '../libtensorflow/cuda-driver.ts';
import { libraryFolder, locateLibrary, TENSORFLOW_VERSION, type LibraryVariant } from '../libtensorflow/locate.ts';
import { assemble } from './assemble.ts';
import { readCudaRequirements } from './cuda-requirements.ts';
import { requireSpace } from './disk-space.ts';
import { cudaWheel, supportedPlatforms, tensorflowWheel, type PinnedWheel } from './pinned-wheels.ts';

export interface InstallOptions {
  /** The CUDA 12 build with NVIDIA's libraries (Linux on x86-64), about 3 GB to fetch. */
  gpu?: boolean;
  artifacts?: Artifacts;
  progress?: Progress;
  env?: NodeJS.ProcessEnv;
}

export interface InstalledLibrary {
  version: string;
  variant: LibraryVariant;
  /** Where it lies, laid out as site-packages, or the path that the user gave. */
  folder: string;
  files: LibraryFiles;
  /** True where nothing had to be fetched. */
  cached: boolean;
  /** Of the GPU build: what keeps this machine from running it, as a sentence. */
  problem?: string;
}

/** Wheels are bounded by twice the largest of today. */
const MAX_WHEEL_BYTES = 1.5 * 2 ** 30;
const MAX_UNPACKED_BYTES = 4 * 2 ** 30;

/** Archives and what is unpacked of them. The CPU's is measured, the GPU's estimated from the sizes of the wheels. */
const SPACE: Readonly<Record<LibraryVariant, number>> = { cpu: 1.2e9, gpu: 9e9 };

/**
 * Makes libtensorflow available: the path in HEADSTART_LIBTENSORFLOW if that is set, else the
 * cache, else TensorFlow's wheel from the Python registry as the user's pip or pip settings reach
 * it, at a pinned version with its digest checked. What is in the cache and was damaged is replaced. Nothing of Python is
 * run.
 *
 * @throws HeadstartError `not-supported` where TensorFlow publishes no library for this platform,
 *   `artifact-unreachable` where no registry answers, `artifact-digest`, `storage-*`
 */
export async function installBackend({
  gpu = false,
  artifacts,
  progress,
  env = process.env,
}: InstallOptions = {}): Promise<InstalledLibrary> {
  const variant: LibraryVariant = gpu ? 'gpu' : 'cpu';
  const given = env.HEADSTART_LIBTENSORFLOW;
  if (given) {
    const { files } = locateLibrary('auto', env)!;
    return { version: TENSORFLOW_VERSION, variant, folder: given, files, cached: true };
  }
  const folder = libraryFolder(variant, env);
  const problem = gpu ? driverProblem(readCudaDriver()) : undefined;
  const present = soundLibrary(folder);
  if (present) return { version: TENSORFLOW_VERSION, variant, folder, files: present, cached: true, problem };

  const wheel = tensorflowWheel(variant);
  if (!wheel) throw unsupported(variant);
  await requireSpace(folder, SPACE[variant], `libtensorflow for the ${variant.toUpperCase()}`);
  const fetch = (pinned: PinnedWheel) => fetchWheel(artifacts ?? createArtifacts({ progress, env }), pinned);
  const packages = [await fetch(wheel)];
  if (gpu) packages.push(...(await fetchCuda(packages[0]!, wheel, fetch)));
  await assemble(folder, packages, {
    isWhole: (whole) => soundLibrary(whole) !== undefined,
    complete: (staging) => markInstalled(findLibraryFiles(staging)!),
  });
  const files = findLibraryFiles(folder)!;
  return { version: TENSORFLOW_VERSION, variant, folder, files, cached: false, problem };
}

/** The libraries in a folder, where they are as they were installed. */
function soundLibrary(folder: string): LibraryFiles | undefined {
  const files = findLibraryFiles(folder);
  return files && libraryProblem(files) === undefined ? files : undefined;
}

async function fetchWheel(artifacts: Artifacts, { uri, sha256, include }: PinnedWheel): Promise<string> {
  try {
    const { path } = await artifacts.package({
      uri,
      archiveSha256: sha256,
      include,
      maxBytes: MAX_WHEEL_BYTES,
      maxUnpackedBytes: MAX_UNPACKED_BYTES,
    });
    return path;
  } catch (cause) {
    if (!HeadstartError.is(cause) || cause.code !== 'artifact-unreachable') throw cause;
    throw new HeadstartError({
      code: 'artifact-unreachable',
      message: `libtensorflow ${TENSORFLOW_VERSION} is not on this machine and cannot be fetched. ${cause.message}`,
      hint:
        `${cause.hint} Or install it elsewhere and set HEADSTART_LIBTENSORFLOW to the folder: the site-packages ` +
        "of `pip install tensorflow-cpu`, or TensorFlow's C library release unpacked. " +
        'Without it, `HEADSTART_BACKEND=wasm` trains heads on cached features.',
      cause,
    });
  }
}

async function fetchCuda(
  tensorflow: string,
  wheel: PinnedWheel,
  fetch: (wheel: PinnedWheel) => Promise<string>,
): Promise<string[]> {
  const metadata = wheel.include.find((path) => path.endsWith('METADATA'))!;
  const folders: string[] = [];
  for (const { name, version } of readCudaRequirements(await readFile(join(tensorflow, metadata), 'utf8'))) {
    const pinned = cudaWheel(name, version);
    if (!pinned) {
      throw new HeadstartError({
        code: 'artifact-digest',
        message: `TensorFlow ${TENSORFLOW_VERSION} asks for ${name} ${version}, whose digest is not known here.`,
        hint: 'Update Headstart, or set HEADSTART_LIBTENSORFLOW to the site-packages of `pip install "tensorflow[and-cuda]"`.',
      });
    }
    folders.push(await fetch(pinned));
  }
  return folders;
}

function unsupported(variant: LibraryVariant): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `TensorFlow ${TENSORFLOW_VERSION} has no ${variant} library for ${process.platform}-${process.arch} (it has: ${supportedPlatforms(variant).join(', ')}).`,
    hint:
      variant === 'gpu'
        ? 'Install the CPU build, or set HEADSTART_LIBTENSORFLOW to a library of your own.'
        : 'Set HEADSTART_LIBTENSORFLOW to a library of your own, or use another backend: HEADSTART_BACKEND=wasm or cpu.',
  });
}
