import type { DataType } from '@tensorflow/tfjs-core';

/** An attribute of a node, as protobuf's JSON mapping writes TensorFlow's `AttrValue`. */
export type AttributeValue =
  | { s: string }
  | { i: string }
  | { f: number }
  | { b: boolean }
  | { type: string }
  | { shape: ShapeValue }
  | { list: { i: string[] } | { s: string[] } };

export interface ShapeValue {
  dim: { size: string }[];
}

/** One operation of a graph (TensorFlow's `NodeDef`). Inputs are node names, `name:k` for the k-th output. */
export interface NodeDef {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, AttributeValue>;
}

/** A value that the graph keeps beside its topology. */
export interface GraphWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Row-major, little-endian. */
  readonly bytes: Uint8Array;
}

export interface TensorInfoDef {
  /** Node and output, such as `logits:0`. */
  name: string;
  dtype: string;
  tensorShape: ShapeValue;
}

export interface SignatureDef {
  inputs: Record<string, TensorInfoDef>;
  outputs: Record<string, TensorInfoDef>;
}

/** A graph with its weights, ready to be written. */
export interface GraphModel {
  readonly nodes: readonly NodeDef[];
  readonly weights: readonly GraphWeight[];
  readonly signature: SignatureDef;
}

const dtypeNames: Partial<Record<DataType, string>> = { float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL' };

/** TensorFlow's name of a type, or undefined for one that exported graphs do not use. */
export function dtypeName(dtype: DataType): string | undefined {
  return dtypeNames[dtype];
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** Constructors of attributes. Bytes are base64 and 64-bit integers are strings in protobuf's JSON. */
export const attribute = {
  text: (value: string): AttributeValue => ({ s: base64(value) }),
  texts: (values: readonly string[]): AttributeValue => ({ list: { s: values.map(base64) } }),
  integer: (value: number): AttributeValue => ({ i: String(value) }),
  integers: (values: readonly number[]): AttributeValue => ({ list: { i: values.map(String) } }),
  real: (value: number): AttributeValue => ({ f: value }),
  flag: (value: boolean): AttributeValue => ({ b: value }),
  type: (name: string): AttributeValue => ({ type: name }),
  shape: (dimensions: readonly number[]): AttributeValue => ({ shape: shapeValue(dimensions) }),
};

export function shapeValue(dimensions: readonly number[]): ShapeValue {
  return { dim: dimensions.map((size) => ({ size: String(size) })) };
}
