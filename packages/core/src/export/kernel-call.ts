import { HeadstartError } from '@headstart/artifacts/errors';
import type { TracedCall, TracedTensor } from './trace-kernels.ts';

/** One kernel call seen with two batch sizes, so that what follows the batch can be known from what is fixed. */
export class KernelCall {
  constructor(
    private readonly first: TracedCall,
    private readonly second: TracedCall,
    /** Graph names of the inputs, in order. */
    readonly inputs: readonly string[],
    /** What the graph is of, for messages: `a TensorFlow.js graph`. */
    private readonly format: string,
  ) {}

  get kernel(): string {
    return this.first.kernel;
  }

  get outputs(): readonly TracedTensor[] {
    return this.first.outputs;
  }

  /** What the inputs are called, in order. */
  get keys(): string[] {
    return this.first.inputs.map(({ key }) => key);
  }

  /** The graph name of an input. @throws HeadstartError `internal` where the kernel was called without it */
  input(key: string): string {
    return this.optionalInput(key) ?? fail(`The kernel ${this.kernel} ran without its input "${key}".`);
  }

  optionalInput(key: string): string | undefined {
    return this.inputs[this.first.inputs.findIndex((input) => input.key === key)];
  }

  /** An input as the first batch size saw it. */
  tensor(key: string): TracedTensor {
    return (
      this.first.inputs.find((input) => input.key === key)?.tensor ??
      fail(`The kernel ${this.kernel} ran without its input "${key}".`)
    );
  }

  /** An attribute that does not follow the batch. @throws HeadstartError `not-supported` where it does */
  fixed<T>(name: string): T {
    const value = this.first.attributes[name];
    if (JSON.stringify(value) !== JSON.stringify(this.second.attributes[name])) throw this.followsBatch(name);
    return value as T;
  }

  /** The first output's shape; one size may follow the batch and becomes -1. */
  outputShape(): number[] {
    const [first, second] = [this.first.outputs[0]!.shape, this.second.outputs[0]!.shape];
    if (first.length !== second.length || differing(first, second).length > 1) throw this.followsBatch('shape');
    return first.map((size, axis) => (size === second[axis] ? size : -1));
  }

  /** Sizes of a slice: only one that reaches the end of its axis may follow the batch, and becomes -1. */
  sliceSizes(begin: string, size: string): number[] {
    const [first, second] = this.pair(size);
    const begins = this.fixed<number[]>(begin);
    return first.map((length, axis) => {
      if (length === second[axis]) return length;
      const ends = [this.first, this.second].map((call) => call.inputs[0]?.tensor.shape[axis]);
      if (ends[0] !== begins[axis]! + length || ends[1] !== begins[axis]! + second[axis]!)
        throw this.followsBatch(size);
      return -1;
    });
  }

  /** The end of a strided slice, and the mask of axes on which it is the end of the axis. */
  sliceEnds(name: string): { ends: number[]; mask: number } {
    const [first, second] = this.pair(name);
    // With an ellipsis or a new axis, positions here are not the input's axes.
    const shifted = this.fixed<number>('ellipsisMask') !== 0 || this.fixed<number>('newAxisMask') !== 0;
    let mask = 0;
    for (const axis of differing(first, second)) {
      const reaches = [this.first, this.second].every(
        (call, i) => call.inputs[0]?.tensor.shape[axis] === (i === 0 ? first : second)[axis],
      );
      if (shifted || !reaches) throw this.followsBatch(name);
      mask |= 1 << axis;
    }
    return { ends: first.map((end, axis) => ((mask >> axis) & 1 ? 0 : end)), mask };
  }

  unsupported(what: string): HeadstartError {
    return new HeadstartError({
      code: 'not-supported',
      message: `The kernel ${this.kernel} cannot be exported to ${this.format}: ${what}.`,
      hint: 'Write the stage that uses it with other operations, or keep this model for Headstart itself.',
    });
  }

  /** No operation of the format does what the kernel does. */
  unknown(): HeadstartError {
    return new HeadstartError({
      code: 'not-supported',
      message: `The kernel ${this.kernel} has no counterpart among the operations of ${this.format}.`,
      hint: 'Write the stage that uses it with other operations, or keep this model for Headstart itself.',
    });
  }

  private followsBatch(name: string): HeadstartError {
    return this.unsupported(`its ${name} depends on the batch size, which a graph leaves open`);
  }

  private pair(name: string): [number[], number[]] {
    const first = this.first.attributes[name] as number[];
    const second = this.second.attributes[name] as number[];
    if (first.length !== second.length) throw this.followsBatch(name);
    return [first, second];
  }
}

function differing(first: readonly number[], second: readonly number[]): number[] {
  return first.flatMap((value, index) => (value === second[index] ? [] : [index]));
}

function fail(message: string): never {
  throw new HeadstartError({
    code: 'internal',
    message,
    hint: 'This is a defect of the export: please report it with the model.',
  });
}
