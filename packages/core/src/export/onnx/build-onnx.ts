import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorSpecs } from '../../network/tensors.ts';
import { outputOf, writeProgram, type ProgramOptions, type TracePair } from '../program.ts';
import { elementTypeOf, portTypeOf } from './element-type.ts';
import { ImageMaps } from './image-maps.ts';
import { joinBias } from './join-bias.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { ELEMENT_TYPE } from './onnx-types.ts';
import { translateKernel } from './translate-kernel.ts';

const BATCH = 'batch_size';

/**
 * Turns two traces of a forward pass into an ONNX graph of which the batch axis is open. Inputs and outputs have the names
 * and shapes that they have here, `[batch_size, …]`, images with their channels last; whole numbers have 64 bits.
 *
 * @throws HeadstartError `not-supported` naming a kernel that ONNX has no operation for
 */
export async function buildOnnx(traces: TracePair, inputs: TensorSpecs, options: ProgramOptions): Promise<OnnxGraph> {
  const graph = new OnnxGraph('node/');
  const maps = new ImageMaps(graph);
  for (const [name, { shape, dtype }] of Object.entries(inputs))
    graph.input({ name, type: portTypeOf(dtype), shape: [BATCH, ...shape] });
  const casts = new Map(
    Object.entries(inputs).flatMap(([name, { dtype }]) =>
      dtype === 'int32' ? [[name, graph.cast(name, ELEMENT_TYPE.int32)] as const] : [],
    ),
  );
  const outputs = await writeProgram(
    traces,
    {
      format: 'an ONNX graph',
      input: (name) => casts.get(name) ?? name,
      weight: (tensor, name) => addWeight(graph, tensor, name),
      call: (call) => {
        const names = translateKernel(call, maps);
        return (output) => names[output]!;
      },
    },
    options,
  );
  for (const name of options.outputNames) {
    const { dtype, shape } = outputOf(traces, name, inputs);
    const type = portTypeOf(dtype);
    if (type === elementTypeOf(dtype)) graph.add('Identity', [outputs[name]!], {}, name);
    else graph.add('Cast', [outputs[name]!], { to: { int: ELEMENT_TYPE[type] } }, name);
    graph.output({ name, type, shape: [BATCH, ...shape.slice(1)] });
  }
  graph.prune();
  joinBias(graph);
  return graph;
}

async function addWeight(graph: OnnxGraph, tensor: Tensor, wanted: string): Promise<string> {
  const values: Float32Array | Int32Array | Uint8Array = await tensor.data();
  let name = `weight/${wanted}`;
  for (let n = 1; graph.constants.has(name); n++) name = `weight/${wanted}_${n}`;
  graph.weight(name, { shape: tensor.shape, values });
  return elementTypeOf(tensor.dtype) === 'bool' ? graph.cast(name, ELEMENT_TYPE.bool) : name;
}
