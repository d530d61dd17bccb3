import type { OnnxGraph, OnnxNode } from './onnx-graph.ts';

/** Makes a constant that is added to each channel of a convolution, and of nothing else, the convolution's bias. */
export function joinBias(graph: OnnxGraph): void {
  const uses = new Map<string, number>();
  for (const name of [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map((port) => port.name)])
    uses.set(name, (uses.get(name) ?? 0) + 1);
  const convolutions = new Map<string, number>();
  const joined = graph.nodes.flatMap((node, place) => {
    if (node.op === 'Conv' && node.inputs.length === 2) convolutions.set(node.outputs[0]!, place);
    const [a, b] = node.inputs;
    if (node.op !== 'Add' || uses.get(a!) !== 1 || !convolutions.has(a!)) return [];
    const convolution = convolutions.get(a!)!;
    const channels = channelsOf(graph, b!);
    const filter = graph.constants.get(graph.nodes[convolution]!.inputs[1]!);
    // One number for all channels is broadcast by the sum, and no bias.
    return channels !== undefined && filter?.shape[0] === channels
      ? [{ add: place, convolution, channels, bias: b! }]
      : [];
  });
  const nodes: (OnnxNode | undefined)[] = [...graph.nodes];
  for (const { add, convolution, channels, bias } of joined) {
    const { values } = graph.constants.get(bias)!;
    const vector = graph.weight(`${bias}:${channels}`, { shape: [channels], values });
    const node = graph.nodes[convolution]!;
    nodes[convolution] = undefined;
    nodes[add] = { ...node, inputs: [...node.inputs, vector], outputs: graph.nodes[add]!.outputs };
  }
  graph.nodes.splice(0, nodes.length, ...nodes.filter((node) => node !== undefined));
  graph.prune();
}

/** Of a constant `[channels, 1, 1]`. */
function channelsOf(graph: OnnxGraph, name: string): number | undefined {
  const shape = graph.constants.get(name)?.shape;
  return shape?.length === 3 && shape[1] === 1 && shape[2] === 1 ? shape[0] : undefined;
}
