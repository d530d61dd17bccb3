import { HeadstartError } from '@headstart/core';
import type { FoundAdapter, GpuDevice } from './adapter.ts';

/** A device with what went wrong on it. WebGPU tells of failures later than the call that failed, to nobody in particular. */
export interface WatchedDevice {
  readonly device: GpuDevice;
  /** @throws HeadstartError `backend-failed` once the device was lost or refused something */
  readonly check: () => void;
  destroy(): void;
}

/** Opens an adapter's device with the limits that the adapter has, and the features that the kernels use where it has them. */
export async function openDevice({ adapter, limits, name }: FoundAdapter): Promise<WatchedDevice> {
  let failure: HeadstartError | undefined;
  let closing = false;
  let device: GpuDevice;
  try {
    device = await adapter.requestDevice({
      requiredLimits: limits,
      requiredFeatures: ['timestamp-query'].filter((feature) => adapter.features.has(feature)),
    });
  } catch (cause) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `The WebGPU adapter ${name} gives no device: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: "Update the GPU's driver, or choose another backend.",
      cause,
    });
  }
  device.onuncapturederror = ({ error }) => (failure ??= refused(name, error.message));
  void device.lost.then(({ message }) => {
    // A lost device refuses all that follows: the loss is what is to be told.
    if (!closing) failure = lost(name, message);
  });
  return {
    device,
    check() {
      if (failure) throw failure;
    },
    destroy() {
      closing = true;
      device.destroy();
    },
  };
}

function lost(adapter: string, message: string): HeadstartError {
  return new HeadstartError({
    code: 'backend-failed',
    message: `The WebGPU adapter ${adapter} was lost: ${message || 'its driver gives no reason'}`,
    hint: 'What was saved until then is kept: go on with --resume, on another backend (--backend) where the adapter does not come back. A driver that ends long steps wants a smaller --batch.',
  });
}

function refused(adapter: string, message: string): HeadstartError {
  return new HeadstartError({
    code: 'backend-failed',
    message: `The WebGPU adapter ${adapter} refused what was asked of it, and the results are not to be trusted: ${message.split('\n', 1)[0]!}`,
    hint: 'Lower --batch where memory ran out; otherwise choose another backend (--backend) and report this with the message.',
  });
}
