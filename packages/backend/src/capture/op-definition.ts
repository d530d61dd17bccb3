import type { Pointer } from '../libtensorflow/c-api.ts';
import type { TensorFlowLibrary } from '../libtensorflow/library.ts';

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
    // struct TF_Buffer { const void* data; size_t length; … }
    const [data, length] = copyWords(api, buffer);
    const bytes = new Uint8Array(Number(length));
    if (bytes.length > 0) api.memcpy(bytes, data, bytes.length);
    return decodeOpDefinition(bytes);
  } finally {
    api.TF_DeleteBuffer(buffer);
  }
}

function copyWords(api: TensorFlowLibrary['api'], from: Pointer): [bigint, bigint] {
  const words = new BigUint64Array(2);
  api.memcpy(words, from, words.byteLength);
  return [words[0]!, words[1]!];
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

/** The fields of a protocol buffers message: numbers, and bytes of whatever is nested. */
function* fieldsOf(bytes: Uint8Array): Generator<{ field: number; value: number | Uint8Array }> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('a protocol buffers message ends in the middle of a number');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    const wireType = key % 8;
    if (wireType === 0) yield { field, value: varint() };
    else if (wireType === 1) yield { field, value: take(8) };
    else if (wireType === 2) yield { field, value: take(varint()) };
    else if (wireType === 5) yield { field, value: take(4) };
    else throw new RangeError(`a protocol buffers message has the unknown wire type ${wireType}`);
  }
}
