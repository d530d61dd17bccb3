import { HeadstartError } from '@headstart/core';
import koffi from 'koffi';
import type { CApi, Memory, Pointer } from './c-api.ts';
import { AttrType } from './data-types.ts';
import type { TensorFlowLibrary } from './library.ts';

/** An attribute as the kernels of tfjs-node describe it (`TFEOpAttr`). */
export interface OpAttribute {
  name: string;
  /** One of `AttrType`. */
  type: number;
  value: boolean | number | bigint | string | Uint8Array | object | readonly unknown[];
}

const KINDS = [
  'String',
  'StringList',
  'Int',
  'IntList',
  'Float',
  'FloatList',
  'Bool',
  'BoolList',
  'Type',
  'TypeList',
] as const;

/** How attributes of an op that is being built are set: of an eager op or of a node of a graph. */
export type AttributeSetters = { readonly [Kind in (typeof KINDS)[number]]: CApi[`TFE_OpSetAttr${Kind}`] } & {
  Shape(op: Pointer, name: string, dims: Memory, rank: number): void;
};

/** Setters of an op that runs at once. */
export function eagerSetters({ api, status }: TensorFlowLibrary): AttributeSetters {
  return {
    ...byKind(api, 'TFE_OpSetAttr'),
    Shape(op, name, dims, rank) {
      api.TFE_OpSetAttrShape(op, name, dims, rank, status.pointer);
      status.check(`attribute ${name}`);
    },
  };
}

/** Setters of a node that becomes part of a graph; a wrong attribute shows when the node is finished. */
export function graphSetters({ api }: TensorFlowLibrary): AttributeSetters {
  return {
    ...byKind(api, 'TF_SetAttr'),
    Shape: (op, name, dims, rank) => api.TF_SetAttrShape(op, name, dims, rank),
  };
}

/** The functions of the two families that take the same arguments. */
function byKind(api: CApi, prefix: 'TFE_OpSetAttr' | 'TF_SetAttr'): Omit<AttributeSetters, 'Shape'> {
  return Object.fromEntries(
    KINDS.map((kind) => [kind, (api as unknown as Readonly<Record<string, unknown>>)[`${prefix}${kind}`]]),
  ) as Omit<AttributeSetters, 'Shape'>;
}

/** Sets one attribute, or a list of one kind, on an op that is being built. */
export function setAttribute(set: AttributeSetters, op: Pointer, { name, type, value }: OpAttribute): void {
  const list = Array.isArray(value) ? (value as unknown[]) : undefined;
  switch (type) {
    case AttrType.string:
      return list ? setStrings(set, op, name, list as string[]) : setString(set, op, name, value as string);
    case AttrType.int:
      if (list) return set.IntList(op, name, integers(list), list.length);
      return set.Int(op, name, value as number);
    case AttrType.float:
      if (list) return set.FloatList(op, name, memory(Float32Array.from(list as number[])), list.length);
      return set.Float(op, name, value as number);
    case AttrType.bool:
      if (list) return set.BoolList(op, name, memory(Uint8Array.from(list, (item) => (item ? 1 : 0))), list.length);
      return set.Bool(op, name, value ? 1 : 0);
    case AttrType.type:
      if (list) return set.TypeList(op, name, memory(Int32Array.from(list as number[])), list.length);
      return set.Type(op, name, value as number);
    case AttrType.shape:
      return set.Shape(op, name, integers(list ?? []), list?.length ?? 0);
    default:
      throw new HeadstartError({
        code: 'not-supported',
        message: `Attribute ${name} has the kind ${type}, which this binding does not support.`,
        hint: 'Use string, int, float, bool, type or shape attributes.',
      });
  }
}

function setString(set: AttributeSetters, op: Pointer, name: string, value: string | Uint8Array): void {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  set.String(op, name, memory(bytes), bytes.length);
}

function setStrings(set: AttributeSetters, op: Pointer, name: string, values: readonly string[]): void {
  const buffers = values.map((value) => Buffer.from(`${value}\0`));
  const pointers = BigUint64Array.from(buffers, (buffer) => koffi.address(buffer));
  const lengths = BigUint64Array.from(buffers, (buffer) => BigInt(buffer.length - 1));
  set.StringList(op, name, memory(pointers), memory(lengths), values.length);
}

function integers(values: readonly unknown[]): BigInt64Array | null {
  return memory(BigInt64Array.from(values as number[], BigInt));
}

/** An empty array has no address to pass. */
function memory<View extends ArrayBufferView>(view: View): View | null {
  return view.byteLength > 0 ? view : null;
}
