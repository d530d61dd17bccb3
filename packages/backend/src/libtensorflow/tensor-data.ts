import { HeadstartError } from '@headstart/core';
import type { Pointer } from './c-api.ts';
import { DataType, dataTypeName, ELEMENT_BYTES } from './data-types.ts';
import type { TensorFlowLibrary } from './library.ts';

/** `sizeof(TF_TString)` in tensorflow/core/platform/ctstring.h. */
const STRING_BYTES = 24n;

export type TensorValues = ArrayBufferView | readonly Uint8Array[] | readonly number[];
export type ReadValues = Float32Array | Int32Array | Uint8Array | Uint8Array[];

/**
 * A tensor handle that owns a copy of the values.
 * `int64` takes pairs of 32-bit halves in an Int32Array, as TensorFlow.js stores them.
 *
 * @param shape sizes, row-major; empty for a scalar
 * @throws HeadstartError `backend-failed` when the values do not fill the shape
 */
export function createHandle(
  library: TensorFlowLibrary,
  shape: readonly number[],
  dtype: number,
  values: TensorValues,
): Pointer {
  return dtype === DataType.string
    ? createStrings(library, shape, values as readonly Uint8Array[])
    : createNumbers(library, shape, dtype, numericView(dtype, values as Exclude<TensorValues, readonly Uint8Array[]>));
}

function createNumbers(
  library: TensorFlowLibrary,
  shape: readonly number[],
  dtype: number,
  values: ArrayBufferView,
): Pointer {
  const { api, status, context, device } = library;
  const tensor = allocateNumbers(library, shape, dtype, values);
  const handle = api.TFE_NewTensorHandle(tensor, status.pointer);
  api.TF_DeleteTensor(tensor);
  status.check('creating a tensor');
  // Kernels on a GPU want their int32 inputs (shapes, axes) in host memory.
  if (device.type !== 'GPU' || dtype === DataType.int32) return handle;
  const onDevice = api.TFE_TensorHandleCopyToDevice(handle, context, device.name, status.pointer);
  api.TFE_DeleteTensorHandle(handle);
  status.check('copying a tensor to the device');
  return onDevice;
}

/**
 * A `TF_Tensor` in host memory with a copy of the values; the caller deletes it.
 *
 * @throws HeadstartError `backend-failed` when the values do not fill the shape
 */
export function allocateNumbers(
  { api }: TensorFlowLibrary,
  shape: readonly number[],
  dtype: number,
  values: ArrayBufferView,
): Pointer {
  const elements = shape.reduce((product, size) => product * size, 1);
  const elementBytes = ELEMENT_BYTES[dtype];
  if (elementBytes === undefined || values.byteLength !== elements * elementBytes) {
    throw new HeadstartError({
      code: 'backend-failed',
      message: `A ${dataTypeName(dtype)} tensor of shape [${shape.join(', ')}] cannot be made from ${values.byteLength} bytes.`,
      hint: 'Pass as many values as the shape has elements, in the matching typed array.',
    });
  }
  const tensor = api.TF_AllocateTensor(dtype, dimensions(shape), shape.length, values.byteLength);
  if (values.byteLength > 0) api.memcpy(api.TF_TensorData(tensor), values, values.byteLength);
  return tensor;
}

/**
 * Strings are joined with nothing by TensorFlow itself: its output owns and frees its strings,
 * whereas strings that the C API puts into a tensor would outlive it.
 */
function createStrings(library: TensorFlowLibrary, shape: readonly number[], values: readonly Uint8Array[]): Pointer {
  const { api, status, context } = library;
  const tensor = api.TF_AllocateTensor(
    DataType.string,
    dimensions(shape),
    shape.length,
    values.length * Number(STRING_BYTES),
  );
  const data = api.TF_TensorData(tensor);
  const strings = values.map((_, index) => data + BigInt(index) * STRING_BYTES);
  strings.forEach((string, index) => {
    const bytes = values[index]!;
    api.TF_StringInit(string);
    api.TF_StringCopy(string, bytes, bytes.length);
  });
  const borrowed = api.TFE_NewTensorHandle(tensor, status.pointer);
  const op = api.TFE_NewOp(context, 'StringJoin', status.pointer);
  const results = new BigUint64Array(1);
  try {
    api.TFE_OpAddInput(op, borrowed, status.pointer);
    api.TFE_OpSetAttrInt(op, 'N', 1);
    api.TFE_OpSetAttrString(op, 'separator', null, 0);
    api.TFE_Execute(op, results, Int32Array.of(1), status.pointer);
    status.check('creating a string tensor');
  } finally {
    api.TFE_DeleteOp(op);
    api.TFE_DeleteTensorHandle(borrowed);
    for (const string of strings) api.TF_StringDealloc(string);
    api.TF_DeleteTensor(tensor);
  }
  return results[0]!;
}

/**
 * A copy of a tensor's values in the array type that TensorFlow.js expects for the dtype that it
 * gives such a tensor: integers as Int32Array, complex numbers as pairs, strings as bytes.
 */
export function readHandle({ api, status }: TensorFlowLibrary, handle: Pointer): ReadValues {
  const tensor = api.TFE_TensorHandleResolve(handle, status.pointer);
  status.check('reading a tensor');
  try {
    const dtype = api.TF_TensorType(tensor);
    if (dtype === DataType.string) {
      const data = api.TF_TensorData(tensor);
      return Array.from({ length: Number(api.TF_TensorElementCount(tensor)) }, (_, index) => {
        const string = data + BigInt(index) * STRING_BYTES;
        const bytes = new Uint8Array(Number(api.TF_StringGetSize(string)));
        if (bytes.length > 0) api.memcpy(bytes, api.TF_StringGetDataPointer(string), bytes.length);
        return bytes;
      });
    }
    const bytes = Number(api.TF_TensorByteSize(tensor));
    const buffer = new ArrayBuffer(bytes);
    if (bytes > 0) api.memcpy(new Uint8Array(buffer), api.TF_TensorData(tensor), bytes);
    return viewOf(dtype, buffer);
  } finally {
    api.TF_DeleteTensor(tensor);
  }
}

function viewOf(dtype: number, buffer: ArrayBuffer): ReadValues {
  switch (dtype) {
    case DataType.float:
    case DataType.complex64:
      return new Float32Array(buffer);
    case DataType.double:
      return Float32Array.from(new Float64Array(buffer));
    case DataType.int32:
    case DataType.qint32:
      return new Int32Array(buffer);
    case DataType.bool:
    case DataType.resource:
      return new Uint8Array(buffer);
    case DataType.uint8:
    case DataType.quint8:
      return Int32Array.from(new Uint8Array(buffer));
    case DataType.int8:
    case DataType.qint8:
      return Int32Array.from(new Int8Array(buffer));
    case DataType.uint16:
    case DataType.quint16:
      return Int32Array.from(new Uint16Array(buffer));
    case DataType.int16:
    case DataType.qint16:
      return Int32Array.from(new Int16Array(buffer));
    case DataType.int64:
      return Int32Array.from(new BigInt64Array(buffer), narrow);
    default:
      throw new HeadstartError({
        code: 'not-supported',
        message: `Values of a ${dataTypeName(dtype)} tensor cannot be read into JavaScript.`,
        hint: 'Cast it to float32 or int32 first.',
      });
  }
}

function narrow(value: bigint): number {
  if (value !== BigInt.asIntN(32, value)) {
    throw new HeadstartError({
      code: 'backend-failed',
      message: `The int64 value ${value} does not fit the int32 that TensorFlow.js keeps it in.`,
      hint: 'Ask the op for int32 results or keep its values below 2^31.',
    });
  }
  return Number(value);
}

/** The values in the typed array of their type. */
export function numericView(dtype: number, values: ArrayBufferView | readonly number[]): ArrayBufferView {
  if (ArrayBuffer.isView(values)) return values;
  if (dtype === DataType.bool || dtype === DataType.uint8) return Uint8Array.from(values);
  if (dtype === DataType.int64) return BigInt64Array.from(values, BigInt);
  return dtype === DataType.int32 ? Int32Array.from(values) : Float32Array.from(values);
}

function dimensions(shape: readonly number[]): BigInt64Array | null {
  return shape.length === 0 ? null : BigInt64Array.from(shape, BigInt);
}
