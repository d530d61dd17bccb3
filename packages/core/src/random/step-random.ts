import { engine, getBackend, getKernel, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { RandomStream } from './random-stream.ts';

/**
 * The kernel that a backend may offer for random numbers inside a step: input `seed`, int32 [2];
 * attributes `salt`, two 32-bit integers, and `shape`; gives float32 numbers in [0, 1) that depend
 * on these three alone.
 */
export const STATELESS_UNIFORM = 'StatelessUniform';

/**
 * Random numbers inside a step. The seed is a tensor, so that a recorded step draws other numbers
 * at every call, and the same ones for the same seed. Like `RandomStream` it is addressed by name
 * and keeps no state: two draws under one name are equal, so each draw takes a child of its own.
 */
export class StepRandom {
  readonly #seed: Tensor;
  readonly #path: string;

  /** @param seed int32 [2]; stays the caller's */
  constructor(seed: Tensor, path = '') {
    this.#seed = seed;
    this.#path = path;
  }

  child(...names: readonly (string | number)[]): StepRandom {
    return new StepRandom(this.#seed, [this.#path, ...names].join('/'));
  }

  /** Float32 numbers in [0, 1). Not differentiable. */
  uniform(shape: readonly number[]): Tensor {
    if (getKernel(STATELESS_UNIFORM, getBackend())) {
      return engine().runKernel(
        STATELESS_UNIFORM,
        { seed: this.#seed },
        { shape: [...shape], salt: saltOf(this.#path) },
      );
    }
    // A backend without the kernel runs op by op: the seed can be read, the numbers drawn here. It is read past the tensor,
    // since a step that reads tensors cannot be recorded, and one that draws by this class can.
    const seed = engine().readSync(this.#seed.dataId) as Int32Array;
    const random = new RandomStream(`${seed.join('/')}${this.#path}`);
    const size = shape.reduce((product, n) => product * n, 1);
    // Of 53 random bits, those that a float32 below 1 has room for.
    const values = Float32Array.from({ length: size }, () => Math.floor(random.next() * 2 ** 24) / 2 ** 24);
    return tensor(values, [...shape], 'float32');
  }
}

/** The seed of a step, as its tensor's values. */
export function stepSeed(random: RandomStream): Int32Array {
  return Int32Array.of(random.uint32(), random.uint32());
}

/** 64 bits of the path's SHA-256. */
function saltOf(path: string): [number, number] {
  const digest = createHash('sha256').update(path).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4)];
}
