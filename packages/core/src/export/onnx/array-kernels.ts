import type { KernelCall } from '../kernel-call.ts';
import { axisOfChannelsFirst, inChannelsFirst, type ImageMaps } from './image-maps.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { ELEMENT_TYPE } from './onnx-types.ts';
import { axisOf, inputsOf, type OnnxTranslations } from './translation.ts';

/** Beyond the end of any axis. */
const END = 2 ** 31 - 1;

/** Before and after, per axis. */
type Paddings = readonly (readonly [number, number])[];

function pad(call: KernelCall, maps: ImageMaps, mode: 'constant' | 'reflect', value?: string): string {
  const { graph } = maps;
  const x = call.input('x');
  const given = call.fixed<Paddings>('paddings');
  const map = maps.isMap(x);
  const paddings = map ? inChannelsFirst(given) : given;
  const amounts = graph.integers(...paddings.map(([before]) => before), ...paddings.map(([, after]) => after));
  const inputs = [map ? maps.channelsFirst(x) : x, amounts, ...(value === undefined ? [] : [value])];
  const padded = graph.add('Pad', inputs, { mode: { text: mode } });
  return map ? maps.channelsLast(padded) : padded;
}

/** Along one axis each: from `begins` (inclusive) to `ends` (exclusive). */
function slice(
  graph: OnnxGraph,
  x: string,
  begins: readonly number[],
  ends: readonly number[],
  strides = begins.map(() => 1),
): string {
  const axes = begins.map((_, axis) => axis);
  return graph.add('Slice', [
    x,
    graph.integers(...begins),
    graph.integers(...ends),
    graph.integers(...axes),
    graph.integers(...strides),
  ]);
}

function stridedSlice(call: KernelCall, { graph }: ImageMaps): string {
  if (call.fixed<number>('ellipsisMask') !== 0 || call.fixed<number>('newAxisMask') !== 0)
    throw call.unsupported('a slice with an ellipsis or a new axis');
  const begins = call.fixed<number[]>('begin');
  const strides = call.fixed<number[]>('strides');
  const { ends, mask } = call.sliceEnds('end');
  const has = (name: string, axis: number) => ((call.fixed<number>(name) >> axis) & 1) === 1;
  const shrunk = begins.flatMap((_, axis) => (has('shrinkAxisMask', axis) ? [axis] : []));
  if (strides.some((stride, axis) => stride < 0 && !shrunk.includes(axis)))
    throw call.unsupported('a slice that goes backwards');
  const from = begins.map((begin, axis) => (has('beginMask', axis) && !shrunk.includes(axis) ? 0 : begin));
  const to = ends.map((end, axis) => {
    if (shrunk.includes(axis)) return begins[axis] === -1 ? END : begins[axis]! + 1;
    return has('endMask', axis) || ((mask >> axis) & 1) === 1 ? END : end;
  });
  const steps = strides.map((stride, axis) => (shrunk.includes(axis) ? 1 : stride));
  const sliced = slice(graph, call.input('x'), from, to, steps);
  return shrunk.length === 0 ? sliced : graph.add('Squeeze', [sliced, graph.integers(...shrunk)]);
}

function unsqueeze(graph: OnnxGraph, x: string, axis: number): string {
  return graph.add('Unsqueeze', [x, graph.integers(axis)]);
}

/** Joined along an axis that an image with its channels first has elsewhere. */
function concat(call: KernelCall, maps: ImageMaps): string {
  const inputs = inputsOf(call);
  const axis = axisOf(call.fixed('axis'), call.outputs[0]!.shape.length);
  if (inputs.every(({ name }) => maps.isMap(name))) {
    const names = inputs.map(({ name }) => maps.channelsFirst(name));
    return maps.channelsLast(maps.graph.add('Concat', names, { axis: { int: axisOfChannelsFirst(axis) } }));
  }
  return maps.graph.add('Concat', call.inputs, { axis: { int: axis } });
}

/** One where the index is that of the column, else zero: of an index that no column has a row of zeros. */
function oneHot(call: KernelCall, { graph }: ImageMaps): string {
  if (call.fixed('dtype') === 'bool') throw call.unsupported('truth values');
  const depth = call.fixed<number>('depth');
  const columns = graph.weight(`columns ${depth}`, {
    shape: [depth],
    values: Int32Array.from({ length: depth }, (_, i) => i),
  });
  const indices = unsqueeze(graph, call.input('indices'), call.tensor('indices').shape.length);
  const [on, off] = [call.fixed<number>('onValue'), call.fixed<number>('offValue')];
  const values = graph.add('Where', [graph.add('Equal', [indices, columns]), graph.scalar(on), graph.scalar(off)]);
  return call.fixed('dtype') === 'int32' ? graph.cast(values, ELEMENT_TYPE.int32) : values;
}

export const arrayKernels: OnnxTranslations = {
  Reshape: (call, { graph }) => graph.add('Reshape', [call.input('x'), graph.integers(...call.outputShape())]),
  ExpandDims: (call, { graph }) =>
    unsqueeze(graph, call.input('input'), axisOf(call.fixed('dim'), call.outputs[0]!.shape.length)),
  Transpose: (call, { graph }) => graph.add('Transpose', [call.input('x')], { perm: { ints: call.fixed('perm') } }),
  PadV2: (call, maps) => {
    if (call.outputs[0]!.dtype !== 'float32') throw call.unsupported('it works on whole numbers');
    return pad(call, maps, 'constant', maps.graph.scalar(call.fixed('constantValue')));
  },
  MirrorPad: (call, maps) => {
    if (call.fixed<string>('mode') !== 'reflect') throw call.unsupported('a mirror that repeats the edge');
    return pad(call, maps, 'reflect');
  },
  Concat: concat,
  Pack: (call, { graph }) => {
    const axis = axisOf(call.fixed('axis'), call.outputs[0]!.shape.length);
    const inputs = call.inputs.map((name) => unsqueeze(graph, name, axis));
    return graph.add('Concat', inputs, { axis: { int: axis } });
  },
  Unpack: (call, { graph }) => {
    const axis = axisOf(call.fixed('axis'), call.tensor('value').shape.length);
    const parts = graph.addMany('Split', [call.input('value')], call.outputs.length, { axis: { int: axis } });
    return parts.map((part) => graph.add('Squeeze', [part, graph.integers(axis)]));
  },
  SplitV: (call, { graph }) => {
    const axis = axisOf(call.fixed('axis'), call.tensor('x').shape.length);
    if (axis === 0) throw call.unsupported('a split of the batch axis');
    const sizes = call.outputs.map(({ shape }) => shape[axis]!);
    return graph.addMany('Split', [call.input('x'), graph.integers(...sizes)], sizes.length, { axis: { int: axis } });
  },
  Slice: (call, { graph }) => {
    const begins = call.fixed<number[]>('begin');
    const ends = call.sliceSizes('begin', 'size').map((size, axis) => (size < 0 ? END : begins[axis]! + size));
    return slice(graph, call.input('x'), begins, ends);
  },
  StridedSlice: stridedSlice,
  GatherV2: (call, { graph }) => {
    if (call.fixed<number | undefined>('batchDims')) throw call.unsupported('axes of a batch');
    const axis = axisOf(call.fixed('axis'), call.tensor('x').shape.length);
    return graph.add('Gather', [call.input('x'), call.input('indices')], { axis: { int: axis } });
  },
  GatherNd: (call, { graph }) =>
    graph.add('GatherND', [call.input('params'), graph.cast(call.input('indices'), ELEMENT_TYPE.int64)]),
  Tile: (call, { graph }) => graph.add('Tile', [call.input('x'), graph.integers(...call.fixed<number[]>('reps'))]),
  Reverse: (call, { graph }) => {
    const dims = call.fixed<number | number[]>('dims');
    const axes = (typeof dims === 'number' ? [dims] : dims).map((axis) => axisOf(axis, call.tensor('x').shape.length));
    const each = (value: number) => graph.integers(...axes.map(() => value));
    return graph.add('Slice', [call.input('x'), each(-1), each(-END), graph.integers(...axes), each(-1)]);
  },
  OneHot: oneHot,
  TopK: (call, { graph }) => {
    const k = graph.integers(call.fixed('k'));
    const [values, places] = graph.addMany('TopK', [call.input('x'), k], 2, {
      axis: { int: -1 },
      largest: { int: 1 },
      sorted: { int: call.fixed('sorted') ? 1 : 0 },
    });
    return [values!, graph.cast(places!, ELEMENT_TYPE.int32)];
  },
};
