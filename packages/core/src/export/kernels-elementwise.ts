import { attribute } from './graph-def.ts';
import { requireDtype } from './graph-builder.ts';
import type { KernelTranslation, KernelTranslations } from './kernel-nodes.ts';

/** Kernels of which the graph operation differs in name only. */
const sameInputs: Readonly<Record<string, string>> = {
  Abs: 'Abs',
  Acos: 'Acos',
  Acosh: 'Acosh',
  Asin: 'Asin',
  Asinh: 'Asinh',
  Atan: 'Atan',
  Atan2: 'Atan2',
  Atanh: 'Atanh',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Cosh: 'Cosh',
  Erf: 'Erf',
  Exp: 'Exp',
  Expm1: 'Expm1',
  Floor: 'Floor',
  Log: 'Log',
  Log1p: 'Log1p',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Round: 'Round',
  Rsqrt: 'Rsqrt',
  Sign: 'Sign',
  Sin: 'Sin',
  Sinh: 'Sinh',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
  Square: 'Square',
  Tan: 'Tan',
  Tanh: 'Tanh',
  IsNan: 'IsNan',
  IsInf: 'IsInf',
  IsFinite: 'IsFinite',
  LogicalNot: 'LogicalNot',
  LogicalAnd: 'LogicalAnd',
  LogicalOr: 'LogicalOr',
  Elu: 'Elu',
  Relu: 'Relu',
  Relu6: 'Relu6',
  Selu: 'Selu',
  Sigmoid: 'Sigmoid',
  Prelu: 'Prelu',
  Add: 'AddV2',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'RealDiv',
  FloorDiv: 'FloorDiv',
  Mod: 'FloorMod',
  Maximum: 'Maximum',
  Minimum: 'Minimum',
  Pow: 'Pow',
  SquaredDifference: 'SquaredDifference',
  Equal: 'Equal',
  NotEqual: 'NotEqual',
  Greater: 'Greater',
  GreaterEqual: 'GreaterEqual',
  Less: 'Less',
  LessEqual: 'LessEqual',
  Select: 'SelectV2',
  Identity: 'Identity',
  ZerosLike: 'ZerosLike',
  OnesLike: 'OnesLike',
  GatherNd: 'GatherNd',
};

const renamed =
  (op: string): KernelTranslation =>
  (call, graph) =>
    graph.add(op, call.inputs);

export const elementwiseKernels: KernelTranslations = {
  ...Object.fromEntries(Object.entries(sameInputs).map(([kernel, op]) => [kernel, renamed(op)])),
  AddN: (call, graph) => graph.add('AddN', call.inputs, { N: attribute.integer(call.inputs.length) }),
  LeakyRelu: (call, graph) => graph.add('LeakyRelu', [call.input('x')], { alpha: attribute.real(call.fixed('alpha')) }),
  ClipByValue: (call, graph) =>
    graph.add('ClipByValue', [
      call.input('x'),
      graph.scalar(call.fixed('clipValueMin'), 'float32'),
      graph.scalar(call.fixed('clipValueMax'), 'float32'),
    ]),
  Cast: (call, graph) =>
    graph.add('Cast', [call.input('x')], { DstT: attribute.type(requireDtype(call.fixed('dtype'))) }),
  Step: (call, graph) => {
    if (call.fixed<number | undefined>('alpha')) throw call.unsupported('a slope below zero');
    const positive = graph.add('Greater', [call.input('x'), graph.scalar(0, 'float32')]);
    return graph.add('Cast', [positive], { DstT: attribute.type('DT_FLOAT') });
  },
};
