import { dispose, memory, Tensor, tidy } from '@tensorflow/tfjs-core';
import { blankInputs, inputTensors } from '../data/encode-batch.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Backbone, FeatureInfo } from '../network/backbone.ts';
import { HEAD, type Head } from '../network/head.ts';
import type { Stage } from '../network/stage.ts';
import type { Tensors, TensorSpecs } from '../network/tensors.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { isMissingKernel } from './guard.ts';
import { contractBroken } from './owner.ts';

/** Whose the parts of a network are. */
export interface NetworkParts {
  readonly source: { readonly id: string };
  readonly task: { readonly id: string };
}

type Inputs = Pick<Encoder, 'inputs' | 'rows' | 'fit'>;

/**
 * Runs a network once on a blank sample as the encoder would give it, frozen: the encoder's inputs are what it takes, its
 * stages give tensors, its features are among them in the shapes that are declared, and the head leaves no tensor
 * behind. Where the backend lacks a kernel, nothing is found here: the phases' own check reports it.
 *
 * @throws HeadstartError `plugin-failed` naming the source's plugin or the task's
 */
export function checkNetwork(model: TransferModel, encoder: Inputs, parts: NetworkParts): void {
  try {
    const features = tidy(() => ({ ...checkBackbone(model.backbone, encoder, parts) }));
    try {
      checkHead(model.head, features, parts);
    } finally {
      dispose(features);
    }
  } catch (error) {
    if (!isMissingKernel(error)) throw error;
  }
}

/** Gives what the last stage does. A network may take other sizes than those that it was published for: running it says so. */
function checkBackbone(backbone: Backbone, encoder: Inputs, { source, task }: NetworkParts): Tensors {
  const wanted = backbone.input.tensors;
  const usual = described(encoder.inputs) === described(wanted);
  const mismatch = () =>
    contractBroken(
      'task',
      task,
      `its encoder gives ${described(encoder.inputs)}; the source "${source.id}" takes ${described(wanted)}.`,
    );
  if (Object.keys(wanted).some((name) => !encoder.inputs[name])) throw mismatch();
  const given = new Map<string, Tensors>();
  let tensors: Tensors = blankSample(encoder);
  try {
    for (const stage of backbone.stages) given.set(stage.name, (tensors = outputsOf(stage, tensors, 'source', source)));
  } catch (error) {
    throw usual || isMissingKernel(error) ? error : mismatch();
  }
  for (const feature of backbone.features) {
    const problem = featureProblem(feature, given.get(feature.stage)!, usual && !encoder.fit);
    if (problem !== undefined) throw contractBroken('source', source, `the feature "${feature.name}" ${problem}.`);
  }
  return tensors;
}

/** @param exact whether the input is of the declared size, so that maps and sequences are, too */
function featureProblem(
  { stage, tensor, shape, kind }: FeatureInfo,
  given: Tensors,
  exact: boolean,
): string | undefined {
  const output = given[tensor];
  if (!output) return `is the tensor "${tensor}" of the stage "${stage}", which gives ${Object.keys(given).join(', ')}`;
  const found = output.shape.slice(1);
  const fits =
    exact || kind === 'vector'
      ? found.join() === shape.join()
      : found.length === shape.length && found.at(-1) === shape.at(-1);
  return fits ? undefined : `is declared as [${shape.join(', ')}], and the network gives [${found.join(', ')}]`;
}

function checkHead(head: Head, features: Tensors, { task }: NetworkParts): void {
  const forward = () => {
    const before = memory().numTensors;
    tidy(() => void outputsOf(head, features, 'task', task));
    return memory().numTensors - before;
  };
  forward(); // which may make constants once
  const left = forward();
  if (left === 0) return;
  const tensors = left === 1 ? 'tensor' : 'tensors';
  throw contractBroken('task', task, `its head leaves ${left} ${tensors} behind each time that it is run.`);
}

function blankSample({ inputs, rows, fit }: Inputs): Record<string, Tensor> {
  const blank = blankInputs(inputs, rows);
  return inputTensors(inputs, { ...blank, ...fit?.(blank.inputs, rows ?? 1) });
}

/** What a stage gives, which is to be tensors by name. */
function outputsOf(stage: Stage, inputs: Tensors, kind: 'source' | 'task', part: { readonly id: string }): Tensors {
  const outputs: unknown = stage.forward(inputs, { training: false });
  const named = typeof outputs === 'object' && outputs !== null ? Object.entries(outputs) : [];
  if (named.length > 0 && named.every(([, output]) => output instanceof Tensor)) return outputs as Tensors;
  const who = stage.name === HEAD ? 'its head' : `its stage "${stage.name}"`;
  throw contractBroken(
    kind,
    part,
    `${who} gave ${named.map(([name]) => name).join(', ') || String(outputs)} in place of tensors by name.`,
  );
}

function described(specs: TensorSpecs): string {
  return Object.entries(specs)
    .map(([name, { shape, dtype }]) => `${name} [${shape.join(', ')}] ${dtype}`)
    .sort()
    .join(' and ');
}
