import type { TensorSpecs } from '../network/tensors.ts';
import { GraphBuilder, requireDtype } from './graph-builder.ts';
import { attribute, shapeValue, type GraphModel, type SignatureDef } from './graph-def.ts';
import { translateKernel } from './kernel-nodes.ts';
import { outputOf, writeProgram, type ProgramOptions, type TracePair } from './program.ts';

/** Turns two traces of a forward pass into a graph of which the batch axis is open. */
export async function buildGraph(traces: TracePair, inputs: TensorSpecs, options: ProgramOptions): Promise<GraphModel> {
  const { outputNames } = options;
  const graph = new GraphBuilder();
  for (const name of [...Object.keys(inputs), ...outputNames]) graph.reserve(name);

  const signature: SignatureDef = { inputs: {}, outputs: {} };
  for (const [name, { shape, dtype }] of Object.entries(inputs)) {
    const type = requireDtype(dtype);
    graph.add('Placeholder', [], { dtype: attribute.type(type), shape: attribute.shape([-1, ...shape]) }, name);
    signature.inputs[name] = { name: `${name}:0`, dtype: type, tensorShape: shapeValue([-1, ...shape]) };
  }
  const outputs = await writeProgram(
    traces,
    {
      format: 'a TensorFlow.js graph',
      input: (name) => name,
      weight: (tensor, name) => graph.weight(tensor, name),
      call: (call) => {
        const node = translateKernel(call, graph);
        return (output) => (output === 0 ? node : `${node}:${output}`);
      },
    },
    options,
  );
  for (const name of outputNames) {
    graph.add('Identity', [outputs[name]!], {}, name);
    const { shape, dtype } = outputOf(traces, name, inputs);
    signature.outputs[name] = { name: `${name}:0`, dtype: requireDtype(dtype), tensorShape: shapeValue(shape) };
  }
  return { nodes: graph.nodes, weights: await graph.weights(), signature };
}
