import { tidy, variable, zeros, type Tensor } from '@tensorflow/tfjs-core';
import type { GraphNode } from './graph-model.ts';
import { constant, heNormal, type NetworkVariable } from '@headstart/core/network';

const CONVOLUTIONS = new Set(['Conv2D', '_FusedConv2D']);
const DEPTHWISE = new Set(['DepthwiseConv2d', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative']);
const PRODUCTS = new Set(['MatMul', '_FusedMatMul']);
const NORMS = new Set(['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3']);
const SUMS = new Set(['Add', 'AddV2', 'BiasAdd', 'Sub']);
const FACTORS = new Set(['Mul', 'RealDiv', 'Div']);
/** What stands between a constant and its use without changing it. */
const READS = new Set(['Identity', 'ReadVariableOp', 'StopGradient']);
/** PReLU's slope at the start (He et al., 2015, section 2.1). */
const SLOPE = 0.25;

export function holdsKernel(op: string): boolean {
  return CONVOLUTIONS.has(op) || DEPTHWISE.has(op) || PRODUCTS.has(op);
}

/** The constant behind an input, if it is one. */
export function constantOf(node: GraphNode, weights: Readonly<Record<string, unknown>>): string | undefined {
  let at: GraphNode | undefined = node;
  while (at && weights[at.name] === undefined) at = READS.has(at.op) ? at.inputs[0] : undefined;
  return at?.name;
}

type Part = Pick<NetworkVariable, 'role' | 'decay' | 'initialiser'>;

const filled = (value: number, role: Part['role'] = 'weight'): Part => ({
  role,
  decay: false,
  initialiser: constant(value),
});

/**
 * What a constant is to the operation that takes it at `position`; undefined where it is none of the
 * network's weights. Sums and factors count only after the first kernel: before it they scale pixels. A
 * factor of one element is a part of an activation.
 */
export function partOf(op: string, position: number, shape: readonly number[], afterKernel: boolean): Part | undefined {
  const [a = 1, b = 1, c = 1] = shape;
  if (position === 1 && holdsKernel(op)) {
    const fanIn = CONVOLUTIONS.has(op) ? a * b * c : DEPTHWISE.has(op) ? a * b : a;
    return { role: 'weight', decay: true, initialiser: heNormal(fanIn) };
  }
  if (NORMS.has(op)) return [undefined, filled(1), filled(0), filled(0, 'statistic'), filled(1, 'statistic')][position];
  if (holdsKernel(op)) return position === 2 ? filled(0) : filled(SLOPE);
  const elements = shape.reduce((product, n) => product * n, 1);
  if (!afterKernel || elements < 2) return undefined;
  if (op === 'Prelu') return filled(SLOPE);
  if (SUMS.has(op)) return filled(0);
  return FACTORS.has(op) ? filled(1) : undefined;
}

/** A variable in the place of a constant, with its value where there is one. */
export function graphVariable(
  name: string,
  shape: readonly number[],
  value: Tensor | undefined,
  { role, decay, initialiser }: Part,
): NetworkVariable {
  return { name, role, decay, initialiser, value: tidy(() => variable(value ?? zeros([...shape]), role === 'weight')) };
}
