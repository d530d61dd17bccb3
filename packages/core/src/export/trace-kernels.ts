import {
  engine,
  keep,
  tidy,
  type DataType,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Where a kernel's input comes from. */
export type ValueRef =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'call'; readonly call: number; readonly output: number }
  | { readonly kind: 'constant'; readonly id: number };

export interface TracedTensor {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** A kernel that ran on values that depend on the inputs. */
export interface TracedCall {
  readonly kernel: string;
  /** In the order in which the op handed them over; absent optional ones are left out. */
  readonly inputs: readonly { readonly key: string; readonly ref: ValueRef; readonly tensor: TracedTensor }[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TracedTensor[];
}

export interface Trace {
  readonly calls: readonly TracedCall[];
  /**
   * Values that do not depend on the inputs, by the id of the tensor that was used: weights, and what the
   * forward pass computed from weights alone. Owned by the trace; they share their data with the originals.
   */
  readonly constants: ReadonlyMap<number, Tensor>;
  readonly outputs: Readonly<Record<string, ValueRef>>;
  dispose(): void;
}

type Kernels = Pick<ReturnType<typeof engine>, 'runKernel'>;

/**
 * Runs `forward` once and writes down each kernel that works on something derived from `inputs`, in
 * order. Kernels on weights only are left out: their results are constants. Kernels that a kernel
 * runs itself belong to it and are left out too.
 *
 * The engine's `runKernel` is replaced for the duration of the call, which must be synchronous.
 */
export function traceKernels(
  forward: (inputs: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>,
  inputs: Readonly<Record<string, Tensor>>,
): Trace {
  const calls: TracedCall[] = [];
  const constants = new Map<number, Tensor>();
  const refs = new Map<number, ValueRef>();
  for (const [name, tensor] of Object.entries(inputs)) refs.set(tensor.id, { kind: 'input', name });

  const kernels: Kernels = engine();
  const runKernel = kernels.runKernel.bind(kernels) as (
    kernel: string,
    inputs: NamedTensorMap,
    attributes?: NamedAttrMap,
  ) => Tensor | Tensor[];
  let inside = false;

  const untraced = <T>(work: () => T): T => {
    inside = true;
    try {
      return work();
    } finally {
      inside = false;
    }
  };

  const reference = (tensor: Tensor): ValueRef => {
    const known = refs.get(tensor.id);
    if (known) return known;
    const ref: ValueRef = { kind: 'constant', id: tensor.id };
    constants.set(
      tensor.id,
      untraced(() => keep(tensor.clone())),
    );
    refs.set(tensor.id, ref);
    return ref;
  };

  const traced = (kernel: string, given: NamedTensorMap, attributes?: NamedAttrMap): Tensor | Tensor[] => {
    if (inside) return runKernel(kernel, given, attributes);
    const present = Object.entries(given).filter(([, tensor]) => tensor != null);
    const dependent = present.some(([, { id }]) => {
      const ref = refs.get(id);
      return ref !== undefined && ref.kind !== 'constant';
    });
    const result = untraced(() => runKernel(kernel, given, attributes));
    if (!dependent) return result;
    const outputs = Array.isArray(result) ? result : [result];
    outputs.forEach((output, index) => refs.set(output.id, { kind: 'call', call: calls.length, output: index }));
    calls.push({
      kernel,
      inputs: present.map(([key, tensor]) => ({
        key,
        ref: reference(tensor),
        tensor: { shape: [...tensor.shape], dtype: tensor.dtype },
      })),
      attributes: { ...attributes },
      outputs: outputs.map(({ shape, dtype }) => ({ shape: [...shape], dtype })),
    });
    return result;
  };

  const outputs: Record<string, ValueRef> = {};
  const dispose = () => constants.forEach((tensor) => tensor.dispose());
  kernels.runKernel = traced as Kernels['runKernel'];
  try {
    tidy(() => {
      for (const [name, tensor] of Object.entries(forward(inputs))) outputs[name] = reference(tensor);
    });
  } catch (error) {
    dispose();
    throw error;
  } finally {
    // The method lives on the prototype; the replacement was an own property.
    delete (kernels as Partial<Kernels>).runKernel;
  }
  return { calls, constants, outputs, dispose };
}
