import type { encodeOnnx } from './encode-onnx.ts';

/** What makes a file of a graph; imported when a graph is written, as protobuf's library takes its time. */
export async function onnxEncoder(): Promise<typeof encodeOnnx> {
  return (await import('./encode-onnx.ts')).encodeOnnx;
}
