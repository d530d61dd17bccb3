import { HeadstartError, shown } from '@headstart/artifacts/errors';

/** Layers, models inside models counted with theirs, and how deep these may lie. */
const MOST_LAYERS = 10_000;
const DEEPEST = 16;
/** The largest number that a layer's settings may have: sides, channels, units. */
const LARGEST = 1_000_000;
/** How deep a layer's settings may be nested: an activation or an initialiser is three deep. */
const DEEPEST_SETTING = 12;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Looks a LayersModel's topology over before TensorFlow.js builds it: what is wrong there it finds late or, where a layer
 * waits for one that never comes, not at all.
 * @param from the source, for messages
 * @throws HeadstartError `model-invalid`
 */
export function checkTopology(topology: Fields, from: string): void {
  const config = isFields(topology['model_config']) ? topology['model_config'] : topology;
  checkModel(config, { from, layers: 0 }, 0);
}

interface Checking {
  readonly from: string;
  layers: number;
}

function checkModel({ config }: Fields, checking: Checking, depth: number): void {
  const { from } = checking;
  // Sequential models were once a list of layers alone.
  const listed = isFields(config) ? config['layers'] : config;
  if (!Array.isArray(listed)) throw invalid(from, 'a model in it has no list of layers');
  if (depth > DEEPEST) throw invalid(from, `its models lie more than ${DEEPEST} deep in one another`);
  const layers = listed as unknown[];
  checking.layers += layers.length;
  if (checking.layers > MOST_LAYERS) throw invalid(from, `it has more than ${MOST_LAYERS} layers`);
  const uses = new Map<string, LayerUses>();
  for (const layer of layers) {
    const isLayer = isFields(layer) && typeof layer['class_name'] === 'string';
    const settings = isLayer ? layer['config'] : undefined;
    if (!isLayer || typeof settings !== 'object' || settings === null)
      throw invalid(from, `${shown(layer)} is no layer`);
    const isModel = isFields(settings) && Array.isArray(settings['layers']);
    if (isModel) checkModel(layer, checking, depth + 1);
    else checkSettings(settings, from, 0);
    if (layer['inbound_nodes'] === undefined) continue;
    const { name } = layer;
    if (typeof name !== 'string' || uses.has(name))
      throw invalid(from, `a layer's name is ${shown(name)}, or two have it`);
    const isInput = layer['class_name'] === 'InputLayer';
    uses.set(name, { isModel, isInput, inputs: inboundOf(layer['inbound_nodes'], name, from) });
  }
  if (uses.size > 0) checkOrder(uses, from);
}

interface LayerUses {
  /** A model's own graph is its use 0, so that the uses by others count from 1. */
  readonly isModel: boolean;
  /** An input's use 0 is there from the start. Of a layer that takes nothing and is none, there is no use. */
  readonly isInput: boolean;
  /** What each use takes. */
  readonly inputs: readonly (readonly Inbound[])[];
}

interface Inbound {
  readonly layer: string;
  /** Which use of that layer is meant. */
  readonly use: number;
}

/** `[[[layer, use, tensor, …], …], …]` */
function inboundOf(nodes: unknown, name: string, from: string): (readonly Inbound[])[] {
  if (!Array.isArray(nodes)) throw invalid(from, `the layer ${shown(name)} has no list of inputs`);
  return nodes.map((node: unknown) => {
    if (!Array.isArray(node) || node.length === 0)
      throw invalid(from, `an input of the layer ${shown(name)} is ${shown(node)}`);
    return node.map((input: unknown) => {
      const [layer, use, tensor] = Array.isArray(input) ? (input as unknown[]) : [];
      if (typeof layer !== 'string' || !isPlace(use) || !isPlace(tensor))
        throw invalid(from, `an input of the layer ${shown(name)} is ${shown(input)}`);
      return { layer, use };
    });
  });
}

const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Every use of a layer takes what another use gives, and none waits for itself. */
function checkOrder(layers: ReadonlyMap<string, LayerUses>, from: string): void {
  const idOf = ({ layer, use }: Inbound) => `${use} ${layer}`;
  const known = new Set<string>();
  const done = new Set<string>();
  let waiting: (Inbound & { readonly inputs: readonly Inbound[] })[] = [];
  for (const [layer, { isModel, isInput, inputs }] of layers) {
    if (isModel || isInput) done.add(idOf({ layer, use: 0 }));
    waiting.push(...inputs.map((taken, i) => ({ layer, use: isModel ? i + 1 : i, inputs: taken })));
  }
  for (const id of [...done, ...waiting.map(idOf)]) known.add(id);
  for (const { layer, inputs } of waiting) {
    const missing = inputs.find((input) => !known.has(idOf(input)));
    if (missing)
      throw invalid(
        from,
        `the layer ${shown(layer)} takes what the use ${missing.use} of ${shown(missing.layer)} gives, which is not there`,
      );
  }
  while (waiting.length > 0) {
    const left = waiting.filter((use) => {
      const ready = use.inputs.every((input) => done.has(idOf(input)));
      if (ready) done.add(idOf(use));
      return !ready;
    });
    if (left.length === waiting.length)
      throw invalid(from, `the layer ${shown(left[0]!.layer)} waits for what comes after it`);
    waiting = left;
  }
}

function checkSettings(value: unknown, from: string, depth: number): void {
  if (depth > DEEPEST_SETTING) throw invalid(from, `a layer's settings are nested more than ${DEEPEST_SETTING} deep`);
  if (typeof value === 'number' && Math.abs(value) > LARGEST)
    throw invalid(from, `a layer's setting is ${value}; at most ${LARGEST} is allowed`);
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) checkSettings(inner, from, depth + 1);
}

function invalid(from: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'model-invalid',
    message: `${from} cannot be built as a LayersModel: ${what}.`,
    hint: 'The model.json is damaged or made by hand: convert or save the model again.',
  });
}
