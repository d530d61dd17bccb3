/** Settings of the eager context that are fixed for the life of the process. */
export interface ContextSettings {
  /** False hides every GPU from TensorFlow. */
  useGpu: boolean;
  /** Most memory taken from a GPU, in MiB; without it memory grows as needed. */
  memoryLimitMb?: number;
  /** Threads inside one op, and ops at once. Zero leaves the choice to TensorFlow (all cores). */
  threads: { intraOp: number; interOp: number };
}

/**
 * The bytes of a `tensorflow.ConfigProto` message (tensorflow/core/protobuf/config.proto) in the
 * protocol buffers wire format: a handful of scalar fields, so no library is needed.
 */
export function encodeContextConfig({ useGpu, memoryLimitMb, threads }: ContextSettings): Uint8Array {
  const config: number[] = [];
  if (!useGpu) {
    // map<string, int32> device_count = 1
    config.push(...lengthDelimited(1, [...lengthDelimited(1, [...Buffer.from('GPU')]), ...varintField(2, 0)]));
  }
  if (threads.intraOp > 0) config.push(...varintField(2, threads.intraOp));
  if (threads.interOp > 0) config.push(...varintField(5, threads.interOp));
  if (useGpu) config.push(...lengthDelimited(6, gpuOptions(memoryLimitMb)));
  config.push(...varintField(7, 1)); // allow_soft_placement
  return Uint8Array.from(config);
}

/**
 * The bytes of the `ConfigProto` that an op which calls a function carries: graph_options = 10,
 * rewrite_options = 10 in it. Without it the function runs as it was recorded; with it TensorFlow
 * optimises its graph first (grappler), in ways that leave every bit of the results as it is.
 *
 * - remapping = 14 is ON (1): bias and activation are fused into convolutions and products.
 * - constant_folding = 3 is OFF (2): it reorders products and sums with constants, which rounds
 *   differently from the same ops run one by one.
 * - arithmetic_optimization = 7 is OFF (2): it also gathers additions into AddN, which adds in an
 *   order that depends on what else runs, so that a run would not repeat itself.
 * - what finds nothing in a recorded step is left out, which takes half of the time of its first run: a second round of all
 *   (meta_optimizer_iterations = 12 is ONE, 1), memory_optimization = 4 (NO_MEM_OPT, 1), and OFF (2) dependency_optimization = 8,
 *   loop_optimization = 9, function_optimization = 10, shape_optimization = 13, scoped_allocator_optimization = 15,
 *   pin_to_host_optimization = 18 and implementation_selector = 22.
 */
export function encodeFunctionConfig(): Uint8Array {
  const [off, ones] = [new Set([3, 7, 8, 9, 10, 13, 15, 18, 22]), new Set([4, 12, 14])];
  const fields = [...off, ...ones].sort((a, b) => a - b);
  const rewrites = fields.flatMap((field) => varintField(field, off.has(field) ? 2 : 1));
  return Uint8Array.from(lengthDelimited(10, lengthDelimited(10, rewrites)));
}

/** GPUOptions: allow_growth = 4; a limit is experimental.virtual_devices.memory_limit_mb (9, 1, 1), a packed list. */
function gpuOptions(memoryLimitMb: number | undefined): number[] {
  const options = varintField(4, 1);
  if (memoryLimitMb === undefined) return options;
  const limit = new Uint8Array(Float32Array.of(memoryLimitMb).buffer);
  const virtualDevices = lengthDelimited(1, [...limit]);
  return [...options, ...lengthDelimited(9, lengthDelimited(1, virtualDevices))];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

function varintField(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)];
}

function lengthDelimited(field: number, payload: readonly number[]): number[] {
  return [...varint((field << 3) | 2), ...varint(payload.length), ...payload];
}
