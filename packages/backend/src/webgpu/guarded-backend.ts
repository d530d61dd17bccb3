import { HeadstartError } from '@headstart/core';
import { engine, util, type DataType } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { largestBuffer, type AdapterLimits } from './adapter.ts';
import { boundMemory } from './buffer-memory.ts';
import type { WatchedDevice } from './device.ts';

/** Bytes of one number on the device. Strings stay on the host; complex numbers are two tensors. */
const BYTES: Readonly<Partial<Record<DataType, number>>> = { float32: 4, int32: 4, bool: 4 };

/**
 * Makes TensorFlow.js's WebGPU backend fail where it would go on with wrong numbers or with none: after a failure of its
 * device, for tensors above the adapter's limits, for values that are read at once.
 *
 * @param memoryLimit most bytes to take of the adapter's memory
 */
export function guard(
  backend: WebGPUBackend,
  { check }: WatchedDevice,
  limits: AdapterLimits,
  memoryLimit: number | undefined,
): void {
  boundMemory(backend, memoryLimit);

  const largest = largestBuffer(limits);
  const write = backend.write.bind(backend);
  backend.write = (values, shape, dtype) => {
    const size = util.sizeFromShape(shape) * (BYTES[dtype] ?? 0);
    if (size > largest) throw tooLarge(shape, size, largest);
    return write(values, shape, dtype);
  };

  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    check();
    // What is read stays until then, also where it is disposed of meanwhile.
    backend.incRef(dataId);
    try {
      return await read(dataId);
    } finally {
      if (backend.disposeData(dataId)) engine().removeDataId(dataId, backend);
      // The failure behind one of reading, or behind the zeros that a lost device gives.
      check();
    }
  };

  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    if (isOnHost(backend, dataId)) return readSync(dataId);
    throw new HeadstartError({
      code: 'not-supported',
      message: 'The values of a tensor were asked for at once, and WebGPU gives them later.',
      hint: 'Await `tensor.data()` or `tensor.array()` in place of `dataSync()` and `arraySync()`, or choose another backend.',
    });
  };
}

function isOnHost({ tensorMap }: WebGPUBackend, dataId: object): boolean {
  const { values, dtype, complexTensorInfos: parts } = tensorMap.get(dataId);
  if (values || dtype === 'string') return true;
  return parts !== undefined && [parts.real, parts.imag].every((part) => tensorMap.get(part.dataId).values);
}

function tooLarge(shape: readonly number[], size: number, largest: number): HeadstartError {
  return new HeadstartError({
    code: 'backend-failed',
    message: `A tensor of shape [${shape.join(', ')}] takes ${size} bytes, and this WebGPU adapter's buffers hold ${largest} at most.`,
    hint: 'Lower --batch or the size of the input, or choose another backend (--backend).',
  });
}
