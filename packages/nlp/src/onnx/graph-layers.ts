import type { OnnxGraph } from '@headstart/core/export';
import type { Activation } from '../encoders/encoder-config.ts';
import type { CheckpointWeights } from './checkpoint-weights.ts';

/** `x W + b` by the layer's matrix and `<name>.bias`. */
export function addDense(
  graph: OnnxGraph,
  weights: CheckpointWeights,
  name: string,
  x: string,
  inputs: number,
): string {
  const kernel = weights.kernel(name, inputs);
  const product = graph.add('MatMul', [x, graph.weight(`${name}.weight`, kernel)]);
  return graph.add('Add', [product, graph.weight(`${name}.bias`, weights.vector(`${name}.bias`, kernel.shape[1]!))]);
}

/** Layer normalisation over the last axis (Ba et al., 2016). @param output the value's own name */
export function addNorm(
  graph: OnnxGraph,
  weights: CheckpointWeights,
  name: string,
  { width, epsilon }: { readonly width: number; readonly epsilon: number },
  x: string,
  output?: string,
): string {
  const part = (which: string) => graph.weight(`${name}.${which}`, weights.vector(`${name}.${which}`, width));
  return graph.add(
    'LayerNormalization',
    [x, part('weight'), part('bias')],
    { axis: { int: -1 }, epsilon: { float: epsilon } },
    output,
  );
}

/** GELU (Hendrycks and Gimpel, 2016) exactly by the error function or by its approximation with tanh, or ReLU. */
export function addActivation(graph: OnnxGraph, activation: Activation, x: string): string {
  if (activation === 'relu') return graph.add('Relu', [x]);
  const gate = activation === 'gelu' ? errorFunction(graph, x) : hyperbolicTangent(graph, x);
  const product = graph.add('Mul', [x, graph.add('Add', [gate, graph.scalar(1)])]);
  return graph.add('Mul', [product, graph.scalar(0.5)]);
}

function errorFunction(graph: OnnxGraph, x: string): string {
  return graph.add('Erf', [graph.add('Div', [x, graph.scalar(Math.SQRT2)])]);
}

function hyperbolicTangent(graph: OnnxGraph, x: string): string {
  const cube = graph.add('Mul', [graph.add('Pow', [x, graph.scalar(3)]), graph.scalar(0.044715)]);
  const inner = graph.add('Mul', [graph.add('Add', [x, cube]), graph.scalar(Math.sqrt(2 / Math.PI))]);
  return graph.add('Tanh', [inner]);
}
