import { HeadstartError } from '@headstart/core';
import koffi from 'koffi';
import type { Pointer } from './c-api.ts';
import { AttrType } from './data-types.ts';
import type { TensorFlowLibrary } from './library.ts';

/** An attribute as the kernels of tfjs-node describe it (`TFEOpAttr`). */
export interface OpAttribute {
  name: string;
  /** One of `AttrType`. */
  type: number;
  value: boolean | number | bigint | string | Uint8Array | object | readonly unknown[];
}

/** Sets one attribute, or a list of one kind, on an op that is being built. */
export function setAttribute({ api, status }: TensorFlowLibrary, op: Pointer, { name, type, value }: OpAttribute): void {
  const list = Array.isArray(value) ? (value as unknown[]) : undefined;
  switch (type) {
    case AttrType.string:
      return list ? setStrings(api, op, name, list as string[]) : setString(api, op, name, value as string);
    case AttrType.int:
      if (list) return api.TFE_OpSetAttrIntList(op, name, integers(list), list.length);
      return api.TFE_OpSetAttrInt(op, name, value as number);
    case AttrType.float:
      if (list) return api.TFE_OpSetAttrFloatList(op, name, memory(Float32Array.from(list as number[])), list.length);
      return api.TFE_OpSetAttrFloat(op, name, value as number);
    case AttrType.bool:
      if (list) return api.TFE_OpSetAttrBoolList(op, name, memory(Uint8Array.from(list, (item) => (item ? 1 : 0))), list.length);
      return api.TFE_OpSetAttrBool(op, name, value ? 1 : 0);
    case AttrType.type:
      if (list) return api.TFE_OpSetAttrTypeList(op, name, memory(Int32Array.from(list as number[])), list.length);
      return api.TFE_OpSetAttrType(op, name, value as number);
    case AttrType.shape:
      api.TFE_OpSetAttrShape(op, name, integers(list ?? []), list?.length ?? 0, status.pointer);
      return status.check(`attribute ${name}`);
    default:
      throw new HeadstartError({
        code: 'not-supported',
        message: `Attribute ${name} has the kind ${type}, which this binding does not pass on.`,
        hint: 'Use string, int, float, bool, type or shape attributes.',
      });
  }
}

function setString(api: TensorFlowLibrary['api'], op: Pointer, name: string, value: string | Uint8Array): void {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  api.TFE_OpSetAttrString(op, name, memory(bytes), bytes.length);
}

function setStrings(api: TensorFlowLibrary['api'], op: Pointer, name: string, values: readonly string[]): void {
  const buffers = values.map((value) => Buffer.from(`${value}\0`));
  const pointers = BigUint64Array.from(buffers, (buffer) => koffi.address(buffer));
  const lengths = BigUint64Array.from(buffers, (buffer) => BigInt(buffer.length - 1));
  api.TFE_OpSetAttrStringList(op, name, memory(pointers), memory(lengths), values.length);
}

function integers(values: readonly unknown[]): BigInt64Array | null {
  return memory(BigInt64Array.from(values as number[], BigInt));
}

/** An empty array has no address to pass. */
function memory<View extends ArrayBufferView>(view: View): View | null {
  return view.byteLength > 0 ? view : null;
}
