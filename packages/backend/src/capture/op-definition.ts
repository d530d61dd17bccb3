import type { Pointer } from '../libtensorflow/c-api.ts';
import type { TensorFlowLibrary } from '../libtensorflow/library.ts';
import { fieldsOf, readBuffer } from '../libtensorflow/messages.ts';

/** An input of an op: one tensor, or a list as long as an attribute says. */
export interface InputDefinition {
  /** The attribute that holds the list's length. */
  readonly numberAttribute?: string;
  /** The attribute that holds the types of the list's tensors, and thereby its length. */
  readonly typesAttribute?: string;
}

/** What recording must know of an op. */
export interface OpDefinition {
  readonly inputs: readonly InputDefinition[];
  /** Its result depends on more than its inputs: a generator, a table, a file. */
  readonly stateful: boolean;
}

/** Reads `tensorflow.OpDef` (tensorflow/core/framework/op_def.proto) of an op that the library knows. */
export function readOpDefinition({ api, status }: TensorFlowLibrary, graph: Pointer, op: string): OpDefinition {
  const buffer = api.TF_NewBuffer();
  try {
    api.TF_GraphGetOpDef(graph, op, buffer, status.pointer);
    status.check(`looking up the op ${op}`);
    return decodeOpDefinition(readBuffer(api, buffer));
  } finally {
    api.TF_DeleteBuffer(buffer);
  }
}

/** OpDef: input_arg = 2 (ArgDef: number_attr = 5, type_list_attr = 6), is_stateful = 17. */
export function decodeOpDefinition(bytes: Uint8Array): OpDefinition {
  const inputs: InputDefinition[] = [];
  let stateful = false;
  for (const { field, value } of fieldsOf(bytes)) {
    if (field === 2) inputs.push(decodeInput(value as Uint8Array));
    if (field === 17) stateful = value !== 0;
  }
  return { inputs, stateful };
}

function decodeInput(bytes: Uint8Array): InputDefinition {
  const input: { numberAttribute?: string; typesAttribute?: string } = {};
  for (const { field, value } of fieldsOf(bytes)) {
    if (field === 5) input.numberAttribute = Buffer.from(value as Uint8Array).toString();
    if (field === 6) input.typesAttribute = Buffer.from(value as Uint8Array).toString();
  }
  return input;
}
