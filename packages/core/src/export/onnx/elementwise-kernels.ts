import { relu6 } from './activation.ts';
import { ELEMENT_TYPE } from './onnx-types.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { elementTypeOf } from './element-type.ts';
import { inputsOf, type OnnxTranslation, type OnnxTranslations } from './translation.ts';

/** Kernels of which the operation differs in name only. */
const sameInputs: Readonly<Record<string, string>> = {
  Abs: 'Abs',
  Acos: 'Acos',
  Acosh: 'Acosh',
  Asin: 'Asin',
  Asinh: 'Asinh',
  Atan: 'Atan',
  Atanh: 'Atanh',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Cosh: 'Cosh',
  Erf: 'Erf',
  Exp: 'Exp',
  Floor: 'Floor',
  Log: 'Log',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Round: 'Round',
  Sign: 'Sign',
  Sin: 'Sin',
  Sinh: 'Sinh',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
  Tan: 'Tan',
  Tanh: 'Tanh',
  IsNan: 'IsNaN',
  IsInf: 'IsInf',
  LogicalNot: 'Not',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  Elu: 'Elu',
  Relu: 'Relu',
  Selu: 'Selu',
  Sigmoid: 'Sigmoid',
  Prelu: 'PRelu',
  Add: 'Add',
  AddN: 'Sum',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  Select: 'Where',
};

type Build = (graph: OnnxGraph, inputs: readonly string[]) => string;

const elementwise =
  (build: Build): OnnxTranslation =>
  (call, maps) =>
    maps.elementwise(inputsOf(call), (names) => build(maps.graph, names));

const square: Build = (graph, [x]) => graph.add('Mul', [x!, x!]);

/** `a - b floor(a / b)`, which has the sign of `b`; of real numbers, which ONNX's own remainder follows otherwise. */
const floorQuotient: Build = (graph, inputs) => graph.add('Floor', [graph.add('Div', inputs)]);

/** Kernels of several operations each, of numbers of any kind. */
const composed: Readonly<Record<string, Build>> = {
  Square: square,
  SquaredDifference: (graph, inputs) => square(graph, [graph.add('Sub', inputs)]),
  NotEqual: (graph, inputs) => graph.add('Not', [graph.add('Equal', inputs)]),
};

/** The same of real numbers. */
const composedOfReal: Readonly<Record<string, Build>> = {
  Expm1: (graph, inputs) => graph.add('Sub', [graph.add('Exp', inputs), graph.scalar(1)]),
  Log1p: (graph, [x]) => graph.add('Log', [graph.add('Add', [x!, graph.scalar(1)])]),
  Rsqrt: (graph, inputs) => graph.add('Reciprocal', [graph.add('Sqrt', inputs)]),
  IsFinite: (graph, [x]) => graph.add('Not', [graph.add('Or', [graph.add('IsNaN', [x!]), graph.add('IsInf', [x!])])]),
  Relu6: (graph, [x]) => relu6(graph, x!),
  ZerosLike: (graph, [x]) => graph.add('Expand', [graph.scalar(0), graph.add('Shape', [x!])]),
  OnesLike: (graph, [x]) => graph.add('Expand', [graph.scalar(1), graph.add('Shape', [x!])]),
  // TensorFlow.js gives whole numbers.
  FloorDiv: (graph, inputs) => graph.cast(floorQuotient(graph, inputs), ELEMENT_TYPE.int32),
  Mod: (graph, [a, b]) => graph.add('Sub', [a!, graph.add('Mul', [b!, floorQuotient(graph, [a!, b!])])]),
};

/** Translated as for real numbers, which whole ones would not follow. */
const ofRealNumbers =
  (translate: OnnxTranslation): OnnxTranslation =>
  (call, maps) => {
    if (call.tensor(call.keys[0]!).dtype !== 'float32') throw call.unsupported('it works on whole numbers');
    return translate(call, maps);
  };

export const elementwiseKernels: OnnxTranslations = {
  ...Object.fromEntries(
    Object.entries(sameInputs).map(([kernel, op]) => [kernel, elementwise((graph, inputs) => graph.add(op, inputs))]),
  ),
  ...Object.fromEntries(Object.entries(composed).map(([kernel, build]) => [kernel, elementwise(build)])),
  ...Object.fromEntries(
    Object.entries(composedOfReal).map(([kernel, build]) => [kernel, ofRealNumbers(elementwise(build))]),
  ),
  Identity: (call) => call.input('x'),
  LeakyRelu: ofRealNumbers((call, maps) => {
    const alpha = { float: call.fixed<number>('alpha') };
    return maps.elementwise(inputsOf(call), (names) => maps.graph.add('LeakyRelu', names, { alpha }));
  }),
  ClipByValue: ofRealNumbers((call, maps) => {
    const { graph } = maps;
    const limits = [graph.scalar(call.fixed('clipValueMin')), graph.scalar(call.fixed('clipValueMax'))];
    return maps.elementwise(inputsOf(call), ([x]) => graph.add('Clip', [x!, ...limits]));
  }),
  Step: ofRealNumbers((call, maps) => {
    if (call.fixed<number | undefined>('alpha')) throw call.unsupported('a slope below zero');
    const { graph } = maps;
    return maps.elementwise(inputsOf(call), ([x]) =>
      graph.cast(graph.add('Greater', [x!, graph.scalar(0)]), ELEMENT_TYPE.float32),
    );
  }),
  Cast: (call, maps) => {
    const type = ELEMENT_TYPE[elementTypeOf(call.fixed('dtype'))];
    return maps.elementwise(inputsOf(call), ([x]) => maps.graph.cast(x!, type));
  },
};
