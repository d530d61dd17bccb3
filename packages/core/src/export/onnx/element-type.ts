import { HeadstartError } from '@headstart/artifacts/errors';
import type { DataType } from '@tensorflow/tfjs-core';
import type { ElementType } from './onnx-graph.ts';

/** The type of a tensor's elements within a graph. @throws HeadstartError `not-supported` */
export function elementTypeOf(dtype: DataType): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new HeadstartError({
    code: 'not-supported',
    message: `A ${dtype} tensor cannot be exported to an ONNX graph.`,
    hint: 'Exported graphs hold float32, int32 and bool tensors.',
  });
}

/** The type in which a graph takes and gives them: whole numbers have 64 bits, as runtimes and their users expect. */
export function portTypeOf(dtype: DataType): ElementType {
  const type = elementTypeOf(dtype);
  return type === 'int32' ? 'int64' : type;
}
