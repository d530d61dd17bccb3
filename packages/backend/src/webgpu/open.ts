import { eagerStep } from '@headstart/core/backend';
import { HeadstartError } from '@headstart/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ResolvedOptions } from '../choice/options.ts';
import type { RegisteredBackend } from '../choice/registered-backend.ts';
import { findAdapter, largestBuffer, type AdapterLimits, type FoundAdapter, type Gpu } from './adapter.ts';
import { submit } from './buffer-memory.ts';
import { openDevice } from './device.ts';
import { guard } from './guarded-backend.ts';
import { WEBGPU } from './kernel.ts';
import { registerWebGpuKernels } from './kernels.ts';
import { loadWebGpuKernels } from './packages.ts';

/** Dawn ends with its entry: it is held while a device is open. */
const held = new Set<Gpu>();

/** An adapter for a report. */
export interface AdapterReport {
  /** Its driver's name for it, with vendor and architecture. */
  name: string;
  driver: string;
  /** Computes on the processor. */
  software: boolean;
  /** By WebGPU's names; sizes in bytes. */
  limits: AdapterLimits;
}

let opened: AdapterReport | undefined;

/** The adapter that this process has opened last, if any. */
export function openedAdapter(): AdapterReport | undefined {
  return opened;
}

/**
 * Opens WebGPU on the adapter that the system prefers, and registers it with tfjs-core.
 *
 * @throws HeadstartError `backend-unavailable` where there is no adapter, or a software one is not what was asked for
 */
export async function openWebGpu(options: ResolvedOptions): Promise<RegisteredBackend> {
  const { WebGPUBackend } = await loadWebGpuKernels();
  const found = await findAdapter();
  if (found.software) refuseUnasked(found, options);
  const watched = await openDevice(found);
  const backend = withNavigator(
    found.gpu,
    () => new WebGPUBackend(watched.device as never, found.adapter.info as never),
  );
  guard(backend, watched, found.limits, options.memoryLimit);
  registerWebGpuKernels();
  tf.registerBackend(WEBGPU, () => backend, 3);
  held.add(found.gpu);
  const { name, software, limits } = found;
  opened = { name, driver: found.adapter.info.description, software, limits };
  return {
    name: 'webgpu',
    device: software ? 'cpu' : 'gpu',
    tfjsName: WEBGPU,
    details: {
      adapter: name,
      driver: opened.driver,
      largestBuffer: String(largestBuffer(limits)),
    },
    deviceBytes: () => backend.bufferManager.numBytesUsed,
    compile(step) {
      const eager = eagerStep(step);
      const checked = async (...args: Parameters<typeof step>) => {
        watched.check();
        const result = await eager(...args);
        submit(backend);
        return result;
      };
      return Object.assign(checked, { dispose: () => eager.dispose() });
    },
    release() {
      watched.destroy();
      held.delete(found.gpu);
    },
  };
}

/** The backend's constructor looks whether a browser offers WebGPU. Nobody else is to take this process for a browser. */
function withNavigator<T>(gpu: Gpu, work: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    return work();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}

function refuseUnasked({ name }: FoundAdapter, { prefer, device }: ResolvedOptions): void {
  if (prefer === 'webgpu' && device !== 'gpu') return;
  throw new HeadstartError({
    code: 'backend-unavailable',
    message: `The only WebGPU adapter here, ${name}, is software: it computes on the processor.`,
    hint: 'Install the driver of your GPU, or ask for it all the same with --backend webgpu and without --device gpu.',
  });
}
