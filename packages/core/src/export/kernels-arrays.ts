import { requireDtype } from './graph-builder.ts';
import { attribute } from './graph-def.ts';
import type { KernelTranslations } from './kernel-nodes.ts';

export const arrayKernels: KernelTranslations = {
  Reshape: (call, graph) => graph.add('Reshape', [call.input('x'), graph.constant(call.outputShape())]),
  ExpandDims: (call, graph) => graph.add('ExpandDims', [call.input('input'), graph.scalar(call.fixed('dim'))]),
  Transpose: (call, graph) => graph.add('Transpose', [call.input('x'), graph.constant(call.fixed('perm'))]),
  PadV2: (call, graph) => {
    const paddings = call.fixed<[number, number][]>('paddings');
    const value = graph.scalar(call.fixed('constantValue'), 'float32');
    return graph.add('PadV2', [call.input('x'), graph.constant(paddings.flat(), [paddings.length, 2]), value]);
  },
  MirrorPad: (call, graph) => {
    const paddings = call.fixed<[number, number][]>('paddings');
    return graph.add('MirrorPad', [call.input('x'), graph.constant(paddings.flat(), [paddings.length, 2])], {
      mode: attribute.text(call.fixed<string>('mode').toUpperCase()),
    });
  },
  Concat: (call, graph) =>
    graph.add('ConcatV2', [...call.inputs, graph.scalar(call.fixed('axis'))], {
      N: attribute.integer(call.inputs.length),
    }),
  Pack: (call, graph) =>
    graph.add('Pack', call.inputs, {
      axis: attribute.integer(call.fixed('axis')),
      N: attribute.integer(call.inputs.length),
    }),
  Unpack: (call, graph) =>
    graph.add('Unpack', [call.input('value')], {
      axis: attribute.integer(call.fixed('axis')),
      num: attribute.integer(call.outputs.length),
    }),
  SplitV: (call, graph) => {
    const given = call.fixed<number>('axis');
    const axis = given < 0 ? given + call.tensor('x').shape.length : given;
    if (axis === 0) throw call.unsupported('a split of the batch axis');
    const sizes = call.outputs.map(({ shape }) => shape[axis]!);
    return graph.add('SplitV', [call.input('x'), graph.constant(sizes), graph.scalar(axis)]);
  },
  Slice: (call, graph) =>
    graph.add('Slice', [
      call.input('x'),
      graph.constant(call.fixed('begin')),
      graph.constant(call.sliceSizes('begin', 'size')),
    ]),
  StridedSlice: (call, graph) => {
    const { ends, mask } = call.sliceEnds('end');
    return graph.add(
      'StridedSlice',
      [
        call.input('x'),
        graph.constant(call.fixed('begin')),
        graph.constant(ends),
        graph.constant(call.fixed('strides')),
      ],
      {
        begin_mask: attribute.integer(call.fixed('beginMask')),
        end_mask: attribute.integer(call.fixed<number>('endMask') | mask),
        ellipsis_mask: attribute.integer(call.fixed('ellipsisMask')),
        new_axis_mask: attribute.integer(call.fixed('newAxisMask')),
        shrink_axis_mask: attribute.integer(call.fixed('shrinkAxisMask')),
      },
    );
  },
  GatherV2: (call, graph) =>
    graph.add('GatherV2', [call.input('x'), call.input('indices'), graph.scalar(call.fixed('axis'))], {
      batch_dims: attribute.integer(call.fixed<number | undefined>('batchDims') ?? 0),
    }),
  Tile: (call, graph) => graph.add('Tile', [call.input('x'), graph.constant(call.fixed('reps'))]),
  Reverse: (call, graph) => {
    const dims = call.fixed<number | number[]>('dims');
    return graph.add('ReverseV2', [call.input('x'), graph.constant(typeof dims === 'number' ? [dims] : dims)]);
  },
  OneHot: (call, graph) =>
    graph.add(
      'OneHot',
      [
        call.input('indices'),
        graph.scalar(call.fixed('depth')),
        graph.scalar(call.fixed('onValue'), 'float32'),
        graph.scalar(call.fixed('offValue'), 'float32'),
      ],
      { T: attribute.type(requireDtype(call.fixed('dtype'))) },
    ),
  TopK: (call, graph) =>
    graph.add('TopKV2', [call.input('x'), graph.scalar(call.fixed('k'))], {
      sorted: attribute.flag(call.fixed('sorted')),
    }),
  DepthToSpace: (call, graph) => {
    if (call.fixed('dataFormat') !== 'NHWC') throw call.unsupported('the data format is not NHWC');
    return graph.add('DepthToSpace', [call.input('x')], {
      block_size: attribute.integer(call.fixed('blockSize')),
      data_format: attribute.text('NHWC'),
    });
  },
};
