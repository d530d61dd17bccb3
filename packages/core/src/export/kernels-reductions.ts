import { attribute } from './graph-def.ts';
import type { KernelTranslation, KernelTranslations } from './kernel-nodes.ts';

const reduction =
  (op: string, axisName: string): KernelTranslation =>
  (call, graph) => {
    const axis = call.fixed<number | readonly number[] | null | undefined>(axisName);
    const axes = axis == null ? call.tensor('x').shape.map((_, i) => i) : typeof axis === 'number' ? [axis] : axis;
    return graph.add(op, [call.input('x'), graph.constant(axes)], {
      keep_dims: attribute.flag(call.fixed<boolean | undefined>('keepDims') ?? false),
    });
  };

const extremum =
  (op: string): KernelTranslation =>
  (call, graph) =>
    graph.add(op, [call.input('x'), graph.scalar(call.fixed('axis'))]);

export const reductionKernels: KernelTranslations = {
  Mean: reduction('Mean', 'axis'),
  Sum: reduction('Sum', 'axis'),
  Prod: reduction('Prod', 'axis'),
  All: reduction('All', 'axis'),
  Any: reduction('Any', 'axis'),
  Max: reduction('Max', 'reductionIndices'),
  Min: reduction('Min', 'axis'),
  ArgMax: extremum('ArgMax'),
  ArgMin: extremum('ArgMin'),
  Cumsum: (call, graph) =>
    graph.add('Cumsum', [call.input('x'), graph.scalar(call.fixed('axis'))], {
      exclusive: attribute.flag(call.fixed('exclusive')),
      reverse: attribute.flag(call.fixed('reverse')),
    }),
};
