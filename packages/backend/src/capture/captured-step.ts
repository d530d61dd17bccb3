import type { DataId, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/core';
import { encodeFunctionConfig } from '../libtensorflow/context-config.ts';
import { createStatus } from '../libtensorflow/status.ts';
import type { CapturingBackend } from './capturing-backend.ts';
import { mapLeaves } from './containers.ts';

/** Where an input of the function comes from at each call. */
export type ReplayInput =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'tensor'; readonly dataId: DataId };

/** An input of the function. */
export interface StepInput {
  readonly source: ReplayInput;
  readonly shape: number[];
  readonly dtype: number;
}

/** The place of an output among a step's result. */
export class ResultSlot {
  constructor(readonly index: number) {}
}

export interface CapturedStepParts {
  /** The function's name in the context. */
  readonly name: string;
  /** Nodes that were recorded. */
  readonly nodes: number;
  /** Whether XLA compiles the function at its first call. */
  readonly xla: boolean;
  readonly inputs: readonly StepInput[];
  /** The result's tensors first, the assigned variables' values after them. */
  readonly outputs: readonly { readonly shape: number[]; readonly dtype: number }[];
  readonly assigned: readonly Variable[];
  /** What the step returned, a `ResultSlot` for each tensor. */
  readonly result: unknown;
}

const CONFIG = encodeFunctionConfig();

/** A recorded step: a function of the context that is called as one op, on a worker thread. */
export class CapturedStep {
  readonly parts: CapturedStepParts;
  readonly #backend: CapturingBackend;
  /** Whether XLA compiles it; undefined until the first call has shown that it can. */
  #compiles: boolean | undefined;

  constructor(backend: CapturingBackend, parts: CapturedStepParts) {
    this.#backend = backend;
    this.parts = parts;
    if (!parts.xla) this.#compiles = false;
  }

  /**
   * One call. Variables are changed when it has succeeded, all together.
   *
   * @param tensors the arguments' tensors, in the order of the recording
   * @throws HeadstartError `backend-failed`, for memory that is exhausted among others
   */
  async replay(tensors: readonly Tensor[]): Promise<unknown> {
    if (this.#compiles !== undefined) return this.#call(tensors, this.#compiles);
    try {
      const result = await this.#call(tensors, true);
      this.#compiles = true;
      return result;
    } catch {
      // Nothing has changed yet. What is wrong with the step itself will show again.
      const result = await this.#call(tensors, false);
      this.#compiles = false;
      return result;
    }
  }

  async #call(tensors: readonly Tensor[], xla: boolean): Promise<unknown> {
    const { library } = this.#backend;
    const { api, context } = library;
    const { name, inputs, outputs } = this.parts;
    const ids = this.#backend.kernels.getInputTensorIds(inputs.map(({ source }) => this.#resolve(source, tensors)));
    const status = createStatus(api);
    const results = new BigUint64Array(new ArrayBuffer(8 * Math.max(outputs.length, 1)));
    const count = new Int32Array(new ArrayBuffer(4)).fill(outputs.length);
    const op = api.TFE_NewOp(context, name, status.pointer);
    try {
      status.check('calling a captured step');
      for (const id of ids) api.TFE_OpAddInput(op, this.#backend.binding.handleOf(id), status.pointer);
      status.check('the inputs of a captured step');
      api.TFE_OpSetAttrString(op, 'config_proto', CONFIG, CONFIG.length);
      if (xla) api.TFE_OpSetAttrBool(op, '_XlaMustCompile', 1);
      await api.executeOnWorker(op, results, count, status.pointer);
      status.check('a captured step');
    } finally {
      api.TFE_DeleteOp(op);
      api.TF_DeleteStatus(status.pointer);
    }
    return this.#take(results);
  }

  /** Removes the function from the context. Not to be called while it runs. */
  dispose(): void {
    const { api, context, status } = this.#backend.library;
    api.TFE_ContextRemoveFunction(context, this.parts.name, status.pointer);
    status.check('freeing a captured step');
  }

  #resolve(input: ReplayInput, tensors: readonly Tensor[]): TensorInfo {
    if (input.kind === 'argument') return tensors[input.index]!;
    const tensor = input.kind === 'variable' ? input.variable : ({ dataId: input.dataId } as TensorInfo);
    if (this.#backend.stored(tensor.dataId)) return tensor;
    const what = input.kind === 'variable' ? `The variable ${input.variable.name}` : 'A tensor';
    throw new HeadstartError({
      code: 'backend-failed',
      message: `${what} that a captured step uses was disposed.`,
      hint: 'Keep what a step uses alive until the compiled step is disposed.',
    });
  }

  /** Handles become the result's tensors and the variables' values. */
  #take(handles: BigUint64Array): unknown {
    const { binding, kernels } = this.#backend;
    const { outputs, assigned, result } = this.parts;
    const first = outputs.length - assigned.length;
    assigned.forEach((variable, i) => this.#assign(variable, handles[first + i]!, outputs[first + i]!));
    return mapLeaves(result, (leaf) => {
      if (!(leaf instanceof ResultSlot)) return leaf;
      return kernels.createOutputTensor({ id: binding.adopt(handles[leaf.index]!), ...outputs[leaf.index]! });
    });
  }

  #assign(variable: Variable, handle: bigint, { shape, dtype }: { shape: number[]; dtype: number }): void {
    const { binding, kernels, library } = this.#backend;
    if (variable.isDisposed) return library.api.TFE_DeleteTensorHandle(handle);
    const stored = this.#backend.stored(variable.dataId);
    // Nobody else sees the variable's data: the new value takes its place without any bookkeeping.
    if (stored?.refCount === 1 && stored.id >= 0 && stored.values === null) return binding.replace(stored.id, handle);
    const value = kernels.createOutputTensor({ id: binding.adopt(handle), shape: [...shape], dtype });
    variable.assign(value);
    value.dispose();
  }
}
