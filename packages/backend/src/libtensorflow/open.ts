import { cpus } from 'node:os';
import { eagerStep, HeadstartError } from '@headstart/core';
import * as tf from '@tensorflow/tfjs-core';
import koffi from 'koffi';
import type { ResolvedOptions } from '../choice/options.ts';
import type { RegisteredBackend } from '../choice/registered-backend.ts';
import { createCapturingBackend, type CapturingBackend } from '../capture/capturing-backend.ts';
import { compileStep } from '../capture/compile-step.ts';
import { registerOurKernels } from '../kernels/register.ts';
import { registerKernels, TENSORFLOW } from '../tfjs-node/kernel-backend.ts';
import { createBinding, type Binding } from './binding.ts';
import { loadLibrary, type TensorFlowLibrary } from './library.ts';
import type { LocatedLibrary } from './locate.ts';

/** Native code stays loaded for the life of the process, so it is remembered here. */
let loaded: { library: TensorFlowLibrary; binding: Binding } | undefined;

/** The library that this process has loaded, if any. */
export function loadedLibrary(): TensorFlowLibrary | undefined {
  return loaded?.library;
}

/**
 * Loads libtensorflow and registers it with tfjs-core under tfjs-node's name, with its kernels.
 *
 * @throws HeadstartError `backend-unavailable` when it does not load, or a GPU was asked for and
 *   it sees none
 */
export function openLibtensorflow({ files }: LocatedLibrary, options: ResolvedOptions): RegisteredBackend {
  const { device, memoryLimitMb, threads, capture } = options;
  if (!loaded) {
    const library = loadLibrary(files, { useGpu: device !== 'cpu', memoryLimitMb, threads });
    loaded = { library, binding: createBinding(library) };
    registerKernels();
    registerOurKernels();
  }
  const { library, binding } = loaded;
  const onGpu = library.device.type === 'GPU';
  if (device === 'gpu' && !onGpu) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `libtensorflow sees no GPU; its devices are ${library.devices.map(({ name }) => name).join(', ')}.`,
      hint: 'Install the GPU build with `headstart backend install --gpu`, check `nvidia-smi`, or use device cpu.',
    });
  }
  let capturing: CapturingBackend | undefined;
  tf.registerBackend(
    TENSORFLOW,
    () => (capturing = createCapturingBackend(library, binding, onGpu ? '@tensorflow/tfjs-node-gpu' : '')).kernels,
    3,
  );
  return {
    name: 'libtensorflow',
    device: onGpu ? 'gpu' : 'cpu',
    tfjsName: TENSORFLOW,
    details: { ...describeLibrary(library), steps: capture ? 'captured' : 'op by op' },
    compile: (step) => (capture && capturing ? compileStep(capturing, step) : eagerStep(step)),
    release: () => binding.deleteAll(),
  };
}

/** Versions and settings that the numbers depend on. */
function describeLibrary({ version, settings, device }: TensorFlowLibrary): Record<string, string> {
  return {
    tensorflow: version,
    koffi: koffi.version,
    threads: `${settings.threads.intraOp} intra-op, ${settings.threads.interOp} inter-op`,
    onednn: process.env.TF_ENABLE_ONEDNN_OPTS === '1' ? 'on' : 'off',
    processor: cpus()[0]?.model.trim() || process.arch,
    ...(device.type === 'GPU' && settings.memoryLimitMb ? { memoryLimitMb: String(settings.memoryLimitMb) } : {}),
  };
}
