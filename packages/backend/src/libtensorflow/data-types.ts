/** Element types of TensorFlow's C API (`TF_DataType` in tensorflow/c/tf_datatype.h). */
export const DataType = {
  float: 1,
  double: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  qint8: 11,
  quint8: 12,
  qint32: 13,
  bfloat16: 14,
  qint16: 15,
  quint16: 16,
  uint16: 17,
  half: 19,
  resource: 20,
} as const;

/** Kinds of op attributes (`TF_AttrType` in tensorflow/c/tf_attrtype.h). */
export const AttrType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** Bytes per element of the numeric types that a tensor of TensorFlow.js can be made from. */
export const ELEMENT_BYTES: Readonly<Record<number, number>> = {
  [DataType.float]: 4,
  [DataType.double]: 8,
  [DataType.int32]: 4,
  [DataType.uint8]: 1,
  [DataType.int16]: 2,
  [DataType.int8]: 1,
  [DataType.complex64]: 8,
  [DataType.int64]: 8,
  [DataType.bool]: 1,
  [DataType.qint8]: 1,
  [DataType.quint8]: 1,
  [DataType.qint32]: 4,
  [DataType.qint16]: 2,
  [DataType.quint16]: 2,
  [DataType.uint16]: 2,
};

/** The name of a type number, for messages. */
export function dataTypeName(dtype: number): string {
  return Object.entries(DataType).find(([, value]) => value === dtype)?.[0] ?? `type ${dtype}`;
}
