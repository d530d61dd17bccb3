import { createHash } from 'node:crypto';
import { io, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Network, NetworkNode, NetworkVariable } from '@headstart/core/network';
import type { GraphModel } from '../../vendor/tfjs-converter.ts';
import { canEndClassifier } from './classifier-operations.ts';
import { loadGraph, type GraphNode, type LoadedGraph } from './graph-model.ts';
import { constantOf, graphVariable, holdsKernel, partOf } from './graph-variables.ts';
import type { ModelFiles } from './model-files.ts';

/**
 * A GraphModel as a network of its nodes. Its constants become variables in the executor's own table of
 * weights, so that gradients reach them; batch norm keeps the statistics that it was published with.
 *
 * @throws HeadstartError `model-invalid`, `not-supported`
 */
export async function graphNetwork(files: ModelFiles, from: string): Promise<Network> {
  const graph = await loadGraph(files, from);
  const { model, executor } = graph;
  const order = dependents(graph);
  const declared = new Map(files.variables?.map(({ name, shape }) => [name, shape]));
  const shapes: Record<string, readonly number[]> = Object.fromEntries(declared);
  for (const [name, [value]] of Object.entries(executor.weightMap))
    if (value?.dtype === 'float32') shapes[name] = value.shape;
  const variables = findVariables(order, shapes, executor.weightMap);
  const constants = Object.entries(executor.weightMap).filter(([name]) => !variables.has(name));
  for (const [name, values] of Object.entries(executor.weightMap))
    if (variables.has(name)) values.forEach((value) => value.dispose());
  executor.weightMap = {
    ...Object.fromEntries(constants),
    ...Object.fromEntries([...variables].map(([name, { value }]) => [name, [value as Tensor]])),
  };

  for (const [, values] of constants) values.forEach(keepOnHost);

  const index = new Map(order.map(({ name }, i) => [name, i]));
  const nodes = order.map((node) => networkNode(node, index, variables, shapes));
  for (const { inputNames } of order) {
    for (const [, name, output] of inputNames.map((input) => /^(.*):(\d+)$/.exec(input) ?? [])) {
      const at = name === undefined ? undefined : index.get(name);
      if (at !== undefined && output !== '0') nodes[at] = { ...nodes[at]!, single: false };
    }
  }
  const output = executor.graph.outputs.map(({ name }) => index.get(name)).find((at) => at !== undefined);
  const encoded = await io.encodeWeights(Object.fromEntries(constants.map(([name, [value]]) => [name, value!])));
  const constantBytes = new Uint8Array(encoded.data);
  const description = {
    format: 'graph-model',
    modelTopology: graph.topology,
    signature: files.signature,
    weightsManifest: [{ paths: ['constants.bin'], weights: encoded.specs }],
    headstart: { variables: [...variables].map(([name, { value }]) => ({ name, shape: value.shape })) },
  };
  return {
    nodes,
    output: output ?? nodes.length - 1,
    inputs: [{ node: 0, name: 'image', shape: graph.inputShape, dtype: 'float32' }],
    digest: createHash('sha256')
      .update(JSON.stringify([graph.topology, encoded.specs]))
      .update(constantBytes)
      .digest('hex'),
    assets: { 'model.json': new TextEncoder().encode(JSON.stringify(description)), 'constants.bin': constantBytes },
    run: (given, to) => tidy(() => execute(model, nodes, given, to)),
    dispose: () => constants.forEach(([, [value]]) => value!.dispose()),
  };
}

function execute(
  model: GraphModel,
  nodes: readonly NetworkNode[],
  given: ReadonlyMap<number, Tensor>,
  to: readonly number[],
): Tensor[] {
  const computed = [...new Set(to)].filter((node) => !given.has(node));
  const inputs = Object.fromEntries([...given].map(([node, x]) => [nodes[node]!.name, x]));
  const values =
    computed.length > 0
      ? model.execute(
          inputs,
          computed.map((node) => nodes[node]!.name),
        )
      : [];
  const outputs = new Map(computed.map((node, i) => [node, Array.isArray(values) ? values[i]! : values]));
  return to.map((node) => outputs.get(node) ?? given.get(node)!.clone());
}

/**
 * Keeps the values of constants on the host. The converter reads what operations take as parameters
 * (axes, paddings, sizes) from their tensors at each call, which a step that is recorded cannot do.
 */
function keepOnHost(constant: Tensor): void {
  const values = constant.dataSync();
  constant.dataSync = () => values as never;
}

/** The nodes whose values depend on the picture, which comes first, each after its inputs. */
function dependents({ executor, placeholder }: LoadedGraph): GraphNode[] {
  const found = new Map<GraphNode, boolean>([[placeholder, true]]);
  const open = new Set<GraphNode>(); // a loop of the graph leads back to one of these; running it will be refused
  const order = [placeholder];
  // Depth first without recursion: graphs may be thousands of nodes deep.
  for (const root of Object.values(executor.graph.nodes)) {
    const stack: { node: GraphNode; next: number }[] = [{ node: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      open.add(top.node);
      const input = top.node.inputs[top.next++];
      if (found.has(top.node)) stack.pop();
      else if (input && !open.has(input)) stack.push({ node: input, next: 0 });
      else if (!input) {
        // A constant may name the picture as a control input: that orders, it does not compute.
        const depends = top.node.op !== 'Const' && top.node.inputs.some((from) => found.get(from));
        found.set(top.node, depends);
        if (depends) order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}

/** The constants that are the network's weights, by name. */
function findVariables(
  order: readonly GraphNode[],
  shapes: Readonly<Record<string, readonly number[]>>,
  values: Readonly<Record<string, Tensor[]>>,
): Map<string, NetworkVariable> {
  const variables = new Map<string, NetworkVariable>();
  const afterKernel = new Set<GraphNode>();
  for (const node of order) {
    if (holdsKernel(node.op) || node.inputs.some((input) => afterKernel.has(input))) afterKernel.add(node);
    for (const [position, input] of node.inputs.entries()) {
      const name = constantOf(input, shapes);
      const part =
        name !== undefined && !variables.has(name)
          ? partOf(node.op, position, shapes[name]!, afterKernel.has(node))
          : undefined;
      if (part) variables.set(name!, graphVariable(name!, shapes[name!]!, values[name!]?.[0], part));
    }
  }
  return variables;
}

function networkNode(
  node: GraphNode,
  index: ReadonlyMap<string, number>,
  variables: ReadonlyMap<string, NetworkVariable>,
  shapes: Readonly<Record<string, unknown>>,
): NetworkNode {
  const inputs = node.inputs.map(({ name }) => index.get(name)).filter((at) => at !== undefined);
  const used = node.inputs
    .map((input) => variables.get(constantOf(input, shapes) ?? ''))
    .filter((variable) => variable !== undefined);
  return {
    name: node.name,
    operation: node.op,
    inputs,
    variables: used,
    single: true,
    classifies: canEndClassifier(node.op),
  };
}
