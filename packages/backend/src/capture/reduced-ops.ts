import type { ReducedPrecision } from '@headstart/core/backend';
import type { OpAttribute } from '../libtensorflow/attributes.ts';
import type { GraphOutput } from '../libtensorflow/c-api.ts';
import { AttrType, DataType } from '../libtensorflow/data-types.ts';
import { kernelsOf } from '../libtensorflow/kernel-types.ts';
import { usesOneDnn, type TensorFlowLibrary } from '../libtensorflow/library.ts';
import { cpuReferenceOps, readCpuinfo } from '../libtensorflow/reduced-support.ts';
import type { GraphTensor } from './step-graph.ts';

const REDUCED_TYPES: Readonly<Record<ReducedPrecision, number>> = {
  bfloat16: DataType.bfloat16,
  float16: DataType.half,
};

interface Rule {
  /** The inputs that have the type attribute T, by position. */
  readonly inputs: readonly number[];
  /** The results that have it, by position. */
  readonly outputs: readonly number[];
  /** `always`, or only where any or all of those inputs come from an op that is computed in the reduced type. */
  readonly when: 'always' | 'any' | 'all';
}

const rule = (when: Rule['when'], inputs: readonly number[], outputs: readonly number[] = [0]): Rule => ({
  inputs,
  outputs,
  when,
});

/**
 * The ops that may be computed in a reduced type. Products and convolutions always: that is where
 * the time goes, and processors with instructions for them sum in float32. What stands between two of
 * them and neither sums over many values nor amplifies errors follows, so that activations are held in
 * 16 bits; batch norm's statistics, softmax, losses, reductions, optimisers and averages stay in float32
 * (Micikevicius et al., 2018, "Mixed precision training").
 */
const RULES: Readonly<Record<string, Rule>> = {
  MatMul: rule('always', [0, 1]),
  BatchMatMul: rule('always', [0, 1]),
  BatchMatMulV2: rule('always', [0, 1]),
  Conv2D: rule('always', [0, 1]),
  Conv2DBackpropInput: rule('always', [1, 2]),
  Conv2DBackpropFilter: rule('always', [0, 2]),
  DepthwiseConv2dNative: rule('always', [0, 1]),
  DepthwiseConv2dNativeBackpropInput: rule('always', [1, 2]),
  DepthwiseConv2dNativeBackpropFilter: rule('always', [0, 2]),
  BiasAdd: rule('any', [0, 1]),
  FusedBatchNormV3: rule('any', [0]),
  FusedBatchNormGradV3: rule('any', [0, 1]),
  Relu: rule('any', [0]),
  Relu6: rule('any', [0]),
  ReluGrad: rule('any', [0, 1]),
  Relu6Grad: rule('any', [0, 1]),
  MaxPool: rule('any', [0]),
  MaxPoolGrad: rule('any', [0, 1, 2]),
  Pad: rule('any', [0]),
  PadV2: rule('any', [0, 2]),
  Reshape: rule('any', [0]),
  Transpose: rule('any', [0]),
  AddV2: rule('all', [0, 1]),
};

/** A tensor that is held in the reduced type. All that does not follow sees float32, converted once and only where it is used. */
class ReducedTensor implements GraphTensor {
  readonly dtype: number = DataType.float;
  readonly shape: number[];
  readonly #widen: () => GraphOutput;
  #wide: GraphOutput | undefined;

  constructor(
    readonly reduced: GraphTensor,
    widen: () => GraphOutput,
  ) {
    this.shape = reduced.shape;
    this.#widen = widen;
  }

  get output(): GraphOutput {
    return (this.#wide ??= this.#widen());
  }
}

/** Adds a node to the graph as it is. */
export type AddNode = (
  op: string,
  attributes: readonly OpAttribute[],
  inputs: readonly GraphTensor[],
  outputs: number,
) => GraphTensor[];

/**
 * Puts the ops of a graph that may be into a reduced type, wherever the library has a kernel for it on its device that
 * is more than a reference loop.
 */
export class ReducedOps {
  readonly #library: TensorFlowLibrary;
  readonly #type: number;
  readonly #add: AddNode;
  readonly #reference: ReadonlySet<string>;
  readonly #converted = new WeakMap<GraphTensor, GraphTensor>();

  constructor(library: TensorFlowLibrary, type: ReducedPrecision, add: AddNode) {
    this.#library = library;
    this.#type = REDUCED_TYPES[type];
    this.#add = add;
    this.#reference = type === 'float16' && library.device.type === 'CPU' ? referenceOps() : new Set();
  }

  operation(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly GraphTensor[],
    outputs: number,
  ): GraphTensor[] {
    const rule = Object.hasOwn(RULES, op) ? RULES[op]! : undefined;
    if (!rule || !this.#applies(rule, inputs) || !hasKernel(this.#library, op, this.#type) || this.#reference.has(op))
      return this.#add(op, attributes, inputs, outputs);
    const typed = attributes.map((attribute) =>
      attribute.name === 'T' ? { ...attribute, value: this.#type } : attribute,
    );
    const narrow = inputs.map((input, i) => (rule.inputs.includes(i) ? this.#reduce(input) : input));
    return this.#add(op, typed, narrow, outputs).map((tensor, i) =>
      rule.outputs.includes(i) ? this.#widened(tensor) : tensor,
    );
  }

  #applies({ inputs: positions, when }: Rule, inputs: readonly GraphTensor[]): boolean {
    const own = positions.map((i) => inputs[i]!);
    if (own.some(({ dtype }) => dtype !== DataType.float)) return false;
    const isReduced = (tensor: GraphTensor) => tensor instanceof ReducedTensor;
    return when === 'always' || (when === 'any' ? own.some(isReduced) : own.every(isReduced));
  }

  #reduce(tensor: GraphTensor): GraphTensor {
    if (tensor instanceof ReducedTensor) return tensor.reduced;
    const known = this.#converted.get(tensor) ?? this.#cast(tensor, DataType.float, this.#type);
    this.#converted.set(tensor, known);
    return known;
  }

  #widened(reduced: GraphTensor): ReducedTensor {
    return new ReducedTensor(reduced, () => this.#cast(reduced, this.#type, DataType.float).output);
  }

  #cast(tensor: GraphTensor, from: number, to: number): GraphTensor {
    const attributes = [
      { name: 'SrcT', type: AttrType.type, value: from },
      { name: 'DstT', type: AttrType.type, value: to },
    ];
    return this.#add('Cast', attributes, [tensor], 1)[0]!;
  }
}

let ofThisCpu: ReadonlySet<string> | undefined;

function referenceOps(): ReadonlySet<string> {
  return (ofThisCpu ??= cpuReferenceOps(readCpuinfo(), usesOneDnn()));
}

const known = new WeakMap<TensorFlowLibrary, Map<string, boolean>>();

/** Whether an op with this type runs on the library's device. Without such a kernel TensorFlow would move it to another. */
function hasKernel(library: TensorFlowLibrary, op: string, type: number): boolean {
  const answers = known.get(library) ?? new Map<string, boolean>();
  known.set(library, answers);
  const key = `${op}:${type}`;
  const answer =
    answers.get(key) ??
    kernelsOf(library, op).some(
      ({ device, types }) =>
        (device === library.device.type || device === 'DEFAULT') && types.get('T')?.has(type) === true,
    );
  answers.set(key, answer);
  return answer;
}
