import protobuf, { type IType } from 'protobufjs/light.js';

/**
 * The messages of ONNX that a graph of ours needs, field numbers as in onnx.proto. Fields that we never write are
 * left out.
 *
 * Specification: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const messages: Readonly<Record<string, IType>> = {
  ModelProto: {
    fields: {
      irVersion: { id: 1, type: 'int64' },
      producerName: { id: 2, type: 'string' },
      producerVersion: { id: 3, type: 'string' },
      graph: { id: 7, type: 'GraphProto' },
      metadataProps: { id: 14, type: 'StringStringEntryProto', rule: 'repeated' },
      opsetImport: { id: 8, type: 'OperatorSetIdProto', rule: 'repeated' },
    },
  },
  StringStringEntryProto: { fields: { key: { id: 1, type: 'string' }, value: { id: 2, type: 'string' } } },
  OperatorSetIdProto: { fields: { domain: { id: 1, type: 'string' }, version: { id: 2, type: 'int64' } } },
  GraphProto: {
    fields: {
      node: { id: 1, type: 'NodeProto', rule: 'repeated' },
      name: { id: 2, type: 'string' },
      initializer: { id: 5, type: 'TensorProto', rule: 'repeated' },
      input: { id: 11, type: 'ValueInfoProto', rule: 'repeated' },
      output: { id: 12, type: 'ValueInfoProto', rule: 'repeated' },
    },
  },
  NodeProto: {
    fields: {
      input: { id: 1, type: 'string', rule: 'repeated' },
      output: { id: 2, type: 'string', rule: 'repeated' },
      name: { id: 3, type: 'string' },
      opType: { id: 4, type: 'string' },
      attribute: { id: 5, type: 'AttributeProto', rule: 'repeated' },
    },
  },
  AttributeProto: {
    fields: {
      name: { id: 1, type: 'string' },
      f: { id: 2, type: 'float' },
      i: { id: 3, type: 'int64' },
      s: { id: 4, type: 'bytes' },
      ints: { id: 8, type: 'int64', rule: 'repeated' },
      type: { id: 20, type: 'int32' },
    },
  },
  TensorProto: {
    fields: {
      dims: { id: 1, type: 'int64', rule: 'repeated' },
      dataType: { id: 2, type: 'int32' },
      name: { id: 8, type: 'string' },
      rawData: { id: 9, type: 'bytes' },
    },
  },
  ValueInfoProto: { fields: { name: { id: 1, type: 'string' }, type: { id: 2, type: 'TypeProto' } } },
  TypeProto: { fields: { tensorType: { id: 1, type: 'TensorType' } } },
  TensorType: { fields: { elemType: { id: 1, type: 'int32' }, shape: { id: 2, type: 'TensorShapeProto' } } },
  TensorShapeProto: { fields: { dim: { id: 1, type: 'Dimension', rule: 'repeated' } } },
  Dimension: { fields: { dimValue: { id: 1, type: 'int64' }, dimParam: { id: 2, type: 'string' } } },
};

// ONNX is written in proto2: a field that is zero is written, lists of numbers are not packed.
const nested = Object.fromEntries(
  Object.entries(messages).map(([name, message]) => [name, { ...message, edition: 'proto2' }]),
);

/** A model's file. */
export const ModelProto = protobuf.Root.fromJSON({ nested }).lookupType('ModelProto');
