import { HeadstartError } from '@headstart/artifacts/errors';
import { endianness } from 'node:os';
import type { OnnxAttribute, OnnxGraph, OnnxPort, OnnxTensor, OnnxValues } from './onnx-graph.ts';
import { ModelProto } from './onnx-messages.ts';
import { ATTRIBUTE_TYPE, ELEMENT_TYPE } from './onnx-types.ts';

/**
 * What both transformers.js packages read: the older one carries onnxruntime 1.14, which knows IR version 8 and
 * operations up to opset 18. LayerNormalization came with 17; from 18 on reductions take their axes otherwise.
 */
const IR_VERSION = 8;
export const OPSET = 17;

/** A protobuf message is shorter than this, in bytes. */
const LIMIT = 2 ** 31 - 1;

/**
 * A graph as the bytes of an `.onnx` file.
 * @param metadata for users of the file: each entry as JSON
 * @throws HeadstartError `not-supported` for a model of 2 GiB or more
 */
export function encodeOnnx(
  graph: OnnxGraph,
  producerVersion: string,
  metadata: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const bytes = [...graph.constants.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
  if (bytes >= LIMIT) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The model's weights take ${(bytes / 2 ** 30).toFixed(1)} GiB, but an ONNX file holds less than 2.`,
      hint: 'Export a smaller model.',
    });
  }
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value: JSON.stringify(value) }));
  return ModelProto.encode({ ...modelMessage(graph, producerVersion), metadataProps }).finish();
}

function modelMessage(
  { nodes, constants, inputs, outputs }: OnnxGraph,
  producerVersion: string,
): Record<string, unknown> {
  const attribute = ([name, value]: [string, OnnxAttribute]) => ({ name, ...attributeMessage(value) });
  return {
    irVersion: IR_VERSION,
    producerName: 'headstart',
    producerVersion,
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'main',
      node: nodes.map((node) => ({
        name: node.outputs[0],
        opType: node.op,
        input: node.inputs,
        output: node.outputs,
        attribute: Object.entries(node.attributes).map(attribute),
      })),
      initializer: [...constants].map(([name, tensor]) => tensorMessage(name, tensor)),
      input: inputs.map(portMessage),
      output: outputs.map(portMessage),
    },
  };
}

function attributeMessage(value: OnnxAttribute): Record<string, unknown> {
  if ('int' in value) return { type: ATTRIBUTE_TYPE.int, i: value.int };
  if ('text' in value) return { type: ATTRIBUTE_TYPE.text, s: Buffer.from(value.text) };
  if ('ints' in value) return { type: ATTRIBUTE_TYPE.ints, ints: value.ints };
  return { type: ATTRIBUTE_TYPE.float, f: value.float };
}

function tensorMessage(name: string, { shape, values }: OnnxTensor): Record<string, unknown> {
  return { name, dims: shape, dataType: elementType(values), rawData: littleEndian(values) };
}

function elementType(values: OnnxValues): number {
  if (values instanceof Float32Array) return ELEMENT_TYPE.float32;
  if (values instanceof Int8Array) return ELEMENT_TYPE.int8;
  if (values instanceof Uint8Array) return ELEMENT_TYPE.uint8;
  return values instanceof Int32Array ? ELEMENT_TYPE.int32 : ELEMENT_TYPE.int64;
}

/** The values' bytes as the format has them; a copy where the machine has them the other way round. */
function littleEndian({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size }: OnnxValues): Uint8Array {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  if (endianness() === 'LE' || size === 1) return bytes;
  const copy = Buffer.from(bytes);
  return size === 8 ? copy.swap64() : copy.swap32();
}

function portMessage({ name, type, shape }: OnnxPort): Record<string, unknown> {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPE[type], shape: { dim } } } };
}
