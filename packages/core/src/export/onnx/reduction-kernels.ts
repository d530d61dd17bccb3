import type { KernelCall } from '../kernel-call.ts';
import { axisOfChannelsFirst, type ImageMaps } from './image-maps.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { ELEMENT_TYPE } from './onnx-types.ts';
import { axisOf, type OnnxTranslation, type OnnxTranslations } from './translation.ts';

type Reduce = (graph: OnnxGraph, x: string, axes: readonly number[], keep: boolean) => string;

/** With the axes as an attribute, as all reductions have them up to opset 17 but the sum. */
const byAttribute =
  (op: string): Reduce =>
  (graph, x, axes, keep) =>
    graph.add(op, [x], { axes: { ints: axes }, keepdims: { int: keep ? 1 : 0 } });

const sum: Reduce = (graph, x, axes, keep) =>
  graph.add('ReduceSum', [x, graph.integers(...axes)], { keepdims: { int: keep ? 1 : 0 } });

/** Of truth values, by the least or the greatest of them as whole numbers. */
const ofTruths =
  (op: string): Reduce =>
  (graph, x, axes, keep) =>
    graph.cast(byAttribute(op)(graph, graph.cast(x, ELEMENT_TYPE.int32), axes, keep), ELEMENT_TYPE.bool);

const reduction =
  (reduce: Reduce, axisName: string): OnnxTranslation =>
  (call, maps) => {
    const { shape } = call.tensor('x');
    const given = call.fixed<number | readonly number[] | null | undefined>(axisName);
    const all = given == null ? shape.map((_, axis) => axis) : typeof given === 'number' ? [given] : given;
    const axes = all.map((axis) => axisOf(axis, shape.length));
    const keep = call.fixed<boolean | undefined>('keepDims') ?? false;
    return reduced(call, maps, (x, along) => reduce(maps.graph, x, along, keep), { axes, keep });
  };

/** Over an image that has its channels first over its axes there, where what is left has no order of axes to restore. */
function reduced(
  call: KernelCall,
  maps: ImageMaps,
  reduce: (x: string, axes: readonly number[]) => string,
  { axes, keep }: { readonly axes: readonly number[]; readonly keep: boolean },
): string {
  const x = call.input('x');
  const overImage = [1, 2].every((axis) => axes.includes(axis));
  if (!maps.isMap(x) || !(keep || overImage)) return reduce(x, axes);
  const result = reduce(
    maps.channelsFirst(x),
    axes.map((axis) => axisOfChannelsFirst(axis)),
  );
  return keep ? maps.channelsLast(result) : result;
}

/** The place of the greatest or least, the first of several, as a whole number of 32 bits. */
const extremum =
  (op: string): OnnxTranslation =>
  (call, { graph }) => {
    const axis = axisOf(call.fixed('axis'), call.tensor('x').shape.length);
    return graph.cast(
      graph.add(op, [call.input('x')], { axis: { int: axis }, keepdims: { int: 0 } }),
      ELEMENT_TYPE.int32,
    );
  };

export const reductionKernels: OnnxTranslations = {
  Mean: reduction(byAttribute('ReduceMean'), 'axis'),
  Sum: reduction(sum, 'axis'),
  Prod: reduction(byAttribute('ReduceProd'), 'axis'),
  All: reduction(ofTruths('ReduceMin'), 'axis'),
  Any: reduction(ofTruths('ReduceMax'), 'axis'),
  Max: reduction(byAttribute('ReduceMax'), 'reductionIndices'),
  Min: reduction(byAttribute('ReduceMin'), 'axis'),
  ArgMax: extremum('ArgMax'),
  ArgMin: extremum('ArgMin'),
  Cumsum: (call, { graph }) => {
    const flag = (name: string) => ({ int: call.fixed(name) ? 1 : 0 });
    const axis = axisOf(call.fixed('axis'), call.tensor('x').shape.length);
    return graph.add('CumSum', [call.input('x'), graph.integer(axis)], {
      exclusive: flag('exclusive'),
      reverse: flag('reverse'),
    });
  },
};
