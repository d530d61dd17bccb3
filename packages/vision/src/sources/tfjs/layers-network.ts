import { createHash } from 'node:crypto';
import { tidy, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/core';
import {
  constant,
  heNormal,
  nodesBetween,
  type ForwardMode,
  type Initialiser,
  type Network,
  type NetworkNode,
  type NetworkVariable,
} from '@headstart/core/network';
import type { Layer, LayersModel, SymbolicTensor } from '../../vendor/tfjs-layers.ts';
import { checkTopology } from './check-topology.ts';
import { canEndClassifier } from './classifier-operations.ts';
import { batchNormalisation, isBatchNormalisation } from './layers-batch-norm.ts';
import type { ModelFiles } from './model-files.ts';

/** Layers that draw random numbers in training; fine-tuning goes without them, so that a step is reproducible. */
const NOISE = new Set(['Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout']);

/**
 * A LayersModel as a network of layers, models inside it dissolved.
 * @param elements the most elements that its weights may have; as many as the files hold where absent
 * @throws HeadstartError `model-invalid`, `not-supported`
 */
export async function layersNetwork(files: ModelFiles, from: string, elements?: number): Promise<Network> {
  const { topology, weightSpecs, weightData } = files;
  checkTopology(topology as Record<string, unknown>, from);
  const weights = weightSpecs.length > 0 ? { weightSpecs, weightData } : {};
  let model: LayersModel;
  // What other sources do without is imported here.
  const { loadLayersModel } = await import('../../vendor/tfjs-layers.ts');
  try {
    model = await loadLayersModel({ modelTopology: topology, ...weights }, elements ?? elementsOf(weightSpecs));
    if (model.getClassName() === 'Sequential') model.build();
  } catch (cause) {
    throw new HeadstartError({
      code: 'model-invalid',
      message: `${from} cannot be built as a LayersModel: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'TensorFlow.js reads models of Keras 2; convert others to a graph model (tensorflowjs_converter --output_format=tfjs_graph_model).',
      cause,
    });
  }
  if (model.inputs.length !== 1)
    throw unsupported(from, `takes ${model.inputs.length} inputs where one picture is expected`);
  const calls: (Layer | undefined)[] = [undefined];
  const nodes: NetworkNode[] = [
    { name: 'image', operation: 'InputLayer', inputs: [], variables: [], single: true, classifies: false },
  ];
  const outputs = dissolve(model, [0], '', { nodes, calls, from, variables: new Map() });
  const json = JSON.stringify(topology);
  return {
    nodes,
    output: outputs[0]!,
    inputs: [{ node: 0, name: 'image', shape: model.inputs[0]!.shape.slice(1), dtype: 'float32' }],
    digest: createHash('sha256').update(json).digest('hex'),
    assets: {
      'model.json': new TextEncoder().encode(
        JSON.stringify({ format: 'layers-model', modelTopology: topology, weightsManifest: [] }),
      ),
    },
    run: (given, to, mode) => tidy(() => runLayers(nodes, calls, given, to, mode)),
    dispose: () => {},
  };
}

/** Without values nobody knows: more than any network of pictures has. */
const MOST_ELEMENTS = 2 ** 28;

function elementsOf(specs: ModelFiles['weightSpecs']): number {
  if (specs.length === 0) return MOST_ELEMENTS;
  return specs.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

function runLayers(
  nodes: readonly NetworkNode[],
  calls: readonly (Layer | undefined)[],
  given: ReadonlyMap<number, Tensor>,
  to: readonly number[],
  { training }: ForwardMode,
): Tensor[] {
  const values = new Map(given);
  for (const node of nodesBetween(nodes, [...given.keys()], to)) {
    const layer = calls[node]!;
    const inputs = nodes[node]!.inputs.map((input) => values.get(input)!);
    const value = isBatchNormalisation(layer, inputs[0]!)
      ? batchNormalisation(layer, inputs[0]!, training)
      : (layer.apply(inputs.length === 1 ? inputs[0]! : inputs, {
          training: training && !NOISE.has(layer.getClassName()),
        }) as Tensor);
    values.set(node, value);
  }
  return to.map((node) => (given.has(node) ? values.get(node)!.clone() : values.get(node)!));
}

interface Dissolving {
  readonly nodes: NetworkNode[];
  readonly calls: (Layer | undefined)[];
  readonly from: string;
  /** By the layer's id: a layer that is used twice keeps its variables. */
  readonly variables: Map<number, NetworkVariable[]>;
}

/** Appends a model's layers to the nodes and gives the nodes of its outputs. */
function dissolve(model: LayersModel, inputs: readonly number[], path: string, into: Dissolving): number[] {
  const at = new Map<number, number>(model.inputs.map(({ id }, i) => [id, inputs[i]!]));
  const of = ({ id }: SymbolicTensor) => at.get(id)!;
  const depths = Object.keys(model.nodesByDepth)
    .map(Number)
    .sort((a, b) => b - a);
  for (const { outboundLayer: layer, inputTensors, outputTensors } of depths.flatMap(
    (depth) => model.nodesByDepth[depth]!,
  )) {
    if (layer.getClassName() === 'InputLayer') continue;
    const name = `${path}${layer.name}`;
    const inner = isModel(layer)
      ? dissolve(layer, inputTensors.map(of), `${name}/`, into)
      : [append(layer, name, inputTensors.map(of), into)];
    if (inner.length !== outputTensors.length)
      throw unsupported(into.from, `has the layer ${name}, which gives ${outputTensors.length} outputs`);
    outputTensors.forEach(({ id }, i) => at.set(id, inner[i]!));
  }
  return model.outputs.map(of);
}

function append(
  layer: Layer,
  name: string,
  inputs: readonly number[],
  { nodes, calls, variables }: Dissolving,
): number {
  const known = variables.get(layer.id) ?? variablesOfLayer(layer);
  variables.set(layer.id, known);
  const used = nodes.some((node) => node.name === name);
  nodes.push({
    name: used ? `${name}_${nodes.length}` : name,
    operation: layer.getClassName(),
    inputs,
    variables: known,
    single: true,
    classifies: canEndClassifier(layer.getClassName()),
  });
  calls.push(layer);
  return nodes.length - 1;
}

/** Under the names that they have in the file, which a LayersModel needs to be unique. */
function variablesOfLayer(layer: Layer): NetworkVariable[] {
  layer.trainable = true; // a model saved with frozen layers would call their kernels non-trainable
  const statistics = new Set(layer.nonTrainableWeights.map(({ id }) => id));
  return layer.weights.map((weight) => {
    const value = (weight as unknown as { val: Variable }).val;
    const role = statistics.has(weight.id) ? 'statistic' : 'weight';
    return {
      name: weight.originalName,
      value,
      role,
      decay: role === 'weight' && value.rank > 1,
      ...(role === 'weight' && layer.getClassName() === 'BatchNormalization' && { batchNorm: true }),
      initialiser: initialiserOf(weight.originalName, value.shape),
    };
  });
}

/** Kernels start normal; gamma and the moving variance at 1; biases, beta, moving mean and slopes at 0. */
function initialiserOf(name: string, shape: readonly number[]): Initialiser {
  const what = name.slice(name.lastIndexOf('/') + 1);
  if (/^(gamma|moving_variance)$/.test(what)) return constant(1);
  if (shape.length < 2 || what === 'alpha') return constant(0);
  const inputs = what === 'depthwise_kernel' ? shape.slice(0, 2) : shape.slice(0, -1);
  return heNormal(inputs.reduce((product, n) => product * n, 1));
}

function isModel(layer: Layer): layer is LayersModel {
  return 'nodesByDepth' in layer;
}

function unsupported(from: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `${from} ${what}.`,
    hint: 'Use a model with one picture as input, whose layers give one output each.',
  });
}
