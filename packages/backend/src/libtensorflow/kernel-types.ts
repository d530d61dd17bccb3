import { readBuffer, fieldsOf } from './messages.ts';
import type { TensorFlowLibrary } from './library.ts';

/** What a registered kernel is for. */
export interface KernelDefinition {
  /** `CPU` or `GPU`. */
  readonly device: string;
  /** The types (`DataType`) that its type attributes may take, by attribute; an attribute that is absent may take any. */
  readonly types: ReadonlyMap<string, ReadonlySet<number>>;
}

/** The kernels that the library has of an op; none of an op that it does not know. */
export function kernelsOf({ api, status }: TensorFlowLibrary, op: string): KernelDefinition[] {
  const buffer = api.TF_GetRegisteredKernelsForOp(op, status.pointer);
  status.check(`looking up the kernels of the op ${op}`);
  try {
    return decodeKernels(readBuffer(api, buffer));
  } finally {
    api.TF_DeleteBuffer(buffer);
  }
}

/** `tensorflow.KernelList` (tensorflow/core/framework/kernel_def.proto): kernel = 1. */
export function decodeKernels(bytes: Uint8Array): KernelDefinition[] {
  return nested(bytes, 1).flatMap((kernel) => {
    // A label, 5, marks a variant that only runs where a graph asks for it.
    if (nested(kernel, 5).length > 0) return [];
    const types = new Map<string, Set<number>>();
    // constraint = 3: AttrConstraint { name = 1, allowed_values = 2: AttrValue { list = 1 { type = 6 } } }.
    for (const constraint of nested(kernel, 3)) {
      const lists = nested(constraint, 2).flatMap((value) => nested(value, 1));
      types.set(text(nested(constraint, 1)[0]), new Set(lists.flatMap(typesIn)));
    }
    return [{ device: text(nested(kernel, 2)[0]), types }];
  });
}

/** A packed list of numbers, or the same one by one. */
function typesIn(list: Uint8Array): number[] {
  const numbers: number[] = [];
  for (const { field, value } of fieldsOf(list)) {
    if (field !== 6) continue;
    // All types are below 128, one byte each.
    if (typeof value === 'number') numbers.push(value);
    else numbers.push(...value);
  }
  return numbers;
}

function nested(message: Uint8Array, wanted: number): Uint8Array[] {
  return [...fieldsOf(message)].flatMap(({ field, value }) =>
    field === wanted && typeof value !== 'number' ? [value] : [],
  );
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
