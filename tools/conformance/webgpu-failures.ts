import type { KernelBackend } from '@tensorflow/tfjs-core';

/** What of a WebGPU device is used here. */
interface Device {
  onuncapturederror: (event: { error: { message: string } }) => void;
  readonly queue: { onSubmittedWorkDone(): Promise<void> };
}

/**
 * What a WebGPU device has refused since it was last asked. The product's backend gives no result any more after the
 * first refusal; here each test answers for its own.
 */
export function refusedByDevice(backend: KernelBackend): () => Promise<readonly string[]> {
  const { device } = backend as unknown as { device: Device };
  let refused: string[] = [];
  device.onuncapturederror = ({ error }) => void refused.push(error.message);
  return async () => {
    await device.queue.onSubmittedWorkDone();
    const found = refused;
    refused = [];
    return found;
  };
}
