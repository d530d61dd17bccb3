import { HeadstartError } from '@headstart/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** Bytes of freed buffers that are kept in any case. */
const KEPT = 2 ** 28;

/**
 * Keeps the device's memory within bounds. TensorFlow.js keeps each freed buffer for a later one of its very size, for
 * ever; here they go when they are more than the most that was in use at once, which happens where shapes change.
 *
 * @param memoryLimit most bytes to take
 */
export function boundMemory(backend: WebGPUBackend, memoryLimit: number | undefined): void {
  const { bufferManager: buffers } = backend;
  const acquire = buffers.acquireBuffer.bind(buffers);
  let most = 0;
  buffers.acquireBuffer = (size, usage, mapped, reuse = true) => {
    most = Math.max(most, buffers.numBytesUsed + size);
    const isKept = reuse && (freeBuffers(backend).get(`${size}_${usage}`)?.length ?? 0) > 0;
    if (!isKept) {
      const exceeds = () => memoryLimit !== undefined && buffers.numBytesAllocated + size > memoryLimit;
      if (exceeds() || buffers.numBytesAllocated - buffers.numBytesUsed > Math.max(KEPT, most)) dropFreed(backend);
      if (exceeds()) throw beyondLimit(size, buffers.numBytesUsed, memoryLimit!);
    }
    return acquire(size, usage, mapped, reuse);
  };
}

/** Hands what was recorded over to the device, which begins with it. */
export function submit(backend: WebGPUBackend): void {
  if ((backend as unknown as { commandEncoder: unknown }).commandEncoder === null) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

function freeBuffers({ bufferManager }: WebGPUBackend): Map<string, { size: number; destroy(): void }[]> {
  return (bufferManager as unknown as { freeBuffers: ReturnType<typeof freeBuffers> }).freeBuffers;
}

function dropFreed(backend: WebGPUBackend): void {
  // What was recorded and not handed over may still use them.
  submit(backend);
  const counts = backend.bufferManager as unknown as { numFreeBuffers: number; numBytesAllocated: number };
  for (const freed of freeBuffers(backend).values()) {
    for (const buffer of freed.splice(0)) {
      counts.numFreeBuffers--;
      counts.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
  }
}

function beyondLimit(size: number, used: number, limit: number): HeadstartError {
  return new HeadstartError({
    code: 'backend-failed',
    message: `The memory limit of ${limit} bytes is reached: ${used} are in use and ${size} more are needed.`,
    hint: 'Lower --batch, or raise --memory-limit.',
  });
}
