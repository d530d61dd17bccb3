import { ELEMENT_TYPE, OnnxGraph, type OnnxNode, type OnnxTensor } from '@headstart/core/export';

/**
 * Kernels stay within 7 bits: a sum of two products of 8 by 8 bits overflows 16 bits, in which processors without
 * VNNI add. Tables, which nothing multiplies as whole numbers, use all 8.
 */
const LARGEST = { kernel: 64, table: 127 };

/**
 * How many times the middle one of the magnitudes that a product takes in the largest may be. Measured on
 * all-MiniLM-L6-v2: 1.5 to 3 do about as well.
 */
const SPREAD = 2;

export interface QuantiseOptions {
  /** Weights that stay as they are, by name: a head's, whose few numbers decide. */
  readonly keep: (name: string) => boolean;
  /** The largest magnitude of each number that products by a weight take in, by the weight's name, where it is known. */
  readonly magnitudes?: (name: string) => Float32Array | undefined;
}

/**
 * The graph with its products by a weight in 8-bit whole numbers: activations are quantised as they come, weights
 * symmetrically with one scale an output channel and 7 bits. Rows of tables get a scale each. This is
 * what onnxruntime calls dynamic quantisation, per channel, with reduced range, in the form that it fuses.
 *
 * All activations of a tensor share a scale, which the few that stand out would make too coarse for the others: where
 * magnitudes are known, those are divided before and their rows of the weight multiplied (Xiao et al., 2022,
 * "SmoothQuant").
 *
 * Specification: https://onnx.ai/onnx/operators/ (DynamicQuantizeLinear, MatMulInteger)
 */
export function quantise(graph: OnnxGraph, { keep, magnitudes }: QuantiseOptions): OnnxGraph {
  const result = new OnnxGraph('quantized/');
  result.inputs.push(...graph.inputs);
  result.outputs.push(...graph.outputs);
  for (const [name, tensor] of graph.constants) result.weight(name, tensor);
  const quantised = new Map<string, QuantisedInput>();
  for (const node of graph.nodes) {
    const [first, second] = node.inputs as [string, string];
    const weight = (name: string | undefined) =>
      name === undefined || keep(name) ? undefined : matrix(graph.constants.get(name));
    if (node.op === 'MatMul' && weight(second)) {
      if (!quantised.has(first)) quantised.set(first, quantiseInput(result, first, magnitudes?.(second)));
      integerProduct(result, node, quantised.get(first)!, weight(second)!);
    } else if (node.op === 'Gather' && weight(first)) {
      integerRows(result, node, weight(first)!);
    } else {
      result.nodes.push(node);
    }
  }
  const used = new Set(result.nodes.flatMap(({ inputs }) => inputs));
  for (const name of graph.constants.keys()) if (!used.has(name)) result.constants.delete(name);
  return result;
}

/** A tensor that is worth quantising: a matrix of float32. */
function matrix(tensor: OnnxTensor | undefined): Matrix | undefined {
  if (tensor?.shape.length !== 2 || !(tensor.values instanceof Float32Array)) return undefined;
  return { rows: tensor.shape[0]!, columns: tensor.shape[1]!, values: tensor.values };
}

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

interface QuantisedInput {
  /** Whole numbers, their scale and their zero. */
  readonly parts: readonly string[];
  /** What each number was divided by before. */
  readonly divisors?: Float32Array;
}

function quantiseInput(graph: OnnxGraph, x: string, magnitudes: Float32Array | undefined): QuantisedInput {
  const divisors = magnitudes && divisorsOf(magnitudes);
  if (!divisors?.some((divisor) => divisor > 1)) return { parts: graph.addMany('DynamicQuantizeLinear', [x], 3) };
  const factors = graph.weight(`${x}_factors`, {
    shape: [divisors.length],
    values: divisors.map((divisor) => 1 / divisor),
  });
  return { parts: graph.addMany('DynamicQuantizeLinear', [graph.add('Mul', [x, factors])], 3), divisors };
}

/** What brings the numbers that stand out down to `SPREAD` times the middle one, and leaves the others alone. */
function divisorsOf(magnitudes: Float32Array): Float32Array {
  const middle = magnitudes.toSorted()[magnitudes.length >> 1]!;
  return magnitudes.map((magnitude) => (middle > 0 ? Math.max(1, magnitude / (SPREAD * middle)) : 1));
}

function integerProduct(
  graph: OnnxGraph,
  { inputs: [, name], outputs }: OnnxNode,
  { parts: [x, xScale, xZero], divisors }: QuantisedInput,
  { rows, columns, values }: Matrix,
): void {
  const multiplied = divisors ? values.map((value, i) => value * divisors[Math.floor(i / columns)]!) : values;
  const { whole, scale } = wholeNumbers(multiplied, columns, 1, LARGEST.kernel);
  const weight = graph.weight(`${name}_quantized`, { shape: [rows, columns], values: whole });
  const weightScale = graph.weight(`${name}_scale`, { shape: [columns], values: scale });
  const zero = graph.weight(`${name}_zero_point`, { shape: [columns], values: new Int8Array(columns) });
  const sums = graph.cast(graph.add('MatMulInteger', [x!, weight, xZero!, zero]), ELEMENT_TYPE.float32);
  const factor = graph.add('Mul', [xScale!, weightScale]);
  graph.add('Mul', [sums, factor], {}, outputs[0]);
}

function integerRows(
  graph: OnnxGraph,
  { inputs: [name, ids], outputs }: OnnxNode,
  { rows, columns, values }: Matrix,
): void {
  const { whole, scale } = wholeNumbers(values, rows, columns, LARGEST.table);
  const table = graph.weight(`${name}_quantized`, { shape: [rows, columns], values: whole });
  const scales = graph.weight(`${name}_scale`, { shape: [rows, 1], values: scale });
  const row = graph.cast(graph.add('Gather', [table, ids!]), ELEMENT_TYPE.float32);
  graph.add('Mul', [row, graph.add('Gather', [scales, ids!])], {}, outputs[0]);
}

/**
 * Values as multiples of their channel's scale, which brings its largest magnitude to `largest`. The channel of the
 * value at `i` is `i / run % channels`, rounded down: `run` is 1 for columns and the row's length for rows.
 */
function wholeNumbers(
  values: Float32Array,
  channels: number,
  run: number,
  largest: number,
): { whole: Int8Array; scale: Float32Array } {
  const scale = new Float32Array(channels);
  const whole = new Int8Array(values.length);
  const eachRun = (visit: (channel: number, from: number) => void) => {
    for (
      let from = 0, channel = 0;
      from < values.length;
      from += run, channel = channel + 1 === channels ? 0 : channel + 1
    )
      visit(channel, from);
  };
  eachRun((channel, from) => {
    let most = scale[channel]!;
    for (let i = from; i < from + run; i++) most = Math.max(most, Math.abs(values[i]!));
    scale[channel] = most;
  });
  for (let channel = 0; channel < channels; channel++)
    scale[channel] = scale[channel]! > 0 ? scale[channel]! / largest : 1;
  eachRun((channel, from) => {
    for (let i = from; i < from + run; i++) whole[i] = Math.round(values[i]! / scale[channel]!);
  });
  return { whole, scale };
}
