import { availableParallelism } from 'node:os';
import { cacheRoot } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/core';
import koffi from 'koffi';
import { driverProblem, readCudaDriver, type CudaDriver } from '../libtensorflow/cuda-driver.ts';
import { loadedLibrary } from '../libtensorflow/open.ts';
import { damagedLibrary, libraryFolder, locateLibrary, TENSORFLOW_VERSION } from '../libtensorflow/locate.ts';
import { probeEngine } from './probe-engine.ts';
import { BACKEND_NAMES, type BackendName } from '../choice/options.ts';
import { orderOfChoice } from '../choice/order.ts';
import type { AdapterReport } from '../webgpu/open.ts';

/** What one engine can do here, found out in a process of its own. */
export interface EngineReport {
  name: BackendName;
  usable: boolean;
  device?: 'gpu' | 'cpu';
  /** Why this one works as it does, or why it does not work. */
  reason: string;
  /** Versions and settings that its numbers depend on. */
  details?: Record<string, string>;
  /** Trains convolutions, or only heads on cached features. */
  trainsConvolutions?: boolean;
}

export interface DoctorReport {
  /** The engine that `openBackend()` would choose. */
  chosen: BackendName | null;
  libtensorflow: {
    expectedVersion: string;
    found: boolean;
    /** The library file, and who pointed at it. */
    path?: string;
    origin?: string;
    /** What stands in the way of finding it. */
    problem?: string;
    devices: { name: string; type: string; memoryBytes: number }[];
  };
  /** What NVIDIA's driver says of itself and the first GPU; null without the driver. `problem` keeps the GPU build from running. */
  cuda: CudaDriver | null;
  /** The adapter that WebGPU would take; null without one. */
  adapter: AdapterReport | null;
  threads: { available: number };
  oneDnn: 'on' | 'off';
  koffi: string;
  node: string;
  platform: string;
  cache: { root: string; cpuLibrary: string; gpuLibrary: string };
  engines: EngineReport[];
}

/**
 * What is here, what works and what does not. Each engine is tried in a process of its own, so
 * that a library which crashes takes only its own report with it. Nothing is fetched.
 */
export async function doctor(env: NodeJS.ProcessEnv = process.env): Promise<DoctorReport> {
  const engines: EngineReport[] = [];
  let devices = loadedLibrary()?.devices ?? [];
  let adapter: AdapterReport | null = null;
  for (const name of BACKEND_NAMES) {
    const probed = await probeEngine(name, env);
    engines.push(probed.report);
    if (probed.devices) devices = probed.devices;
    if (probed.adapter) adapter = probed.adapter;
  }
  return {
    chosen: chosenOf(engines),
    libtensorflow: { expectedVersion: TENSORFLOW_VERSION, ...findLibrary(env), devices: [...devices] },
    cuda: describeDriver(),
    adapter,
    threads: { available: availableParallelism() },
    oneDnn: (env.TF_ENABLE_ONEDNN_OPTS ?? '1') === '1' ? 'on' : 'off',
    koffi: koffi.version,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    cache: { root: cacheRoot(env), cpuLibrary: libraryFolder('cpu', env), gpuLibrary: libraryFolder('gpu', env) },
    engines,
  };
}

/** A software adapter of WebGPU's is usable, and not taken unasked. */
function chosenOf(engines: readonly EngineReport[]): BackendName | null {
  const taken = engines.filter(({ name, usable, device }) => usable && !(name === 'webgpu' && device === 'cpu'));
  return orderOfChoice('auto').find((name) => taken.some((engine) => engine.name === name)) ?? null;
}

function describeDriver(): DoctorReport['cuda'] {
  const driver = readCudaDriver();
  if (!driver) return null;
  const { problem: _, ...facts } = driver;
  const problem = driverProblem(driver);
  return problem === undefined ? facts : { ...facts, problem };
}

function problemOf(damage: string | undefined): string {
  if (damage === undefined) return 'It is not in the cache: `headstart backend install` fetches it.';
  return `It was damaged: ${damage} \`headstart backend install\` fetches it again.`;
}

function findLibrary(env: NodeJS.ProcessEnv): { found: boolean; path?: string; origin?: string; problem?: string } {
  try {
    const located = locateLibrary('auto', env);
    return located
      ? { found: true, path: located.files.main, origin: located.origin }
      : { found: false, problem: problemOf(damagedLibrary('auto', env)) };
  } catch (cause) {
    return {
      found: false,
      problem: HeadstartError.is(cause) ? `${cause.message} ${cause.hint}` : String(cause),
    };
  }
}
