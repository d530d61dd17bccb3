import { dispose, memory, Tensor, tidy } from '@tensorflow/tfjs-core';
import { blankInputs, inputTensors } from '../data/encode-batch.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Backbone } from '../network/backbone.ts';
import { HEAD } from '../network/head.ts';
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

/**
 * Runs a network once on blank inputs, frozen: its stages give tensors, its features are among them in the shapes that
 * are declared, the encoder's inputs are what it takes, and the head leaves no tensor behind. Where the backend lacks a kernel,
 * nothing is found here: the phases' own check tells of it.
 *
 * @throws HeadstartError `plugin-failed` naming the source's plugin or the task's
 */
export function checkNetwork(
  model: TransferModel,
  encoder: Pick<Encoder, 'inputs' | 'rows'>,
  parts: NetworkParts,
): void {
  try {
    tidy(() => checkFeatures(model.backbone, parts));
    tidy(() => checkInputs(model.backbone, encoder, parts));
    checkHead(model, encoder, parts);
  } catch (error) {
    if (!isMissingKernel(error)) throw error;
  }
}

function checkFeatures(backbone: Backbone, { source }: NetworkParts): void {
  const given = new Map<string, Tensors>();
  let tensors: Tensors = blankTensors(backbone.input.tensors);
  for (const stage of backbone.stages) given.set(stage.name, (tensors = outputsOf(stage, tensors, 'source', source)));
  for (const { name, stage, tensor, shape } of backbone.features) {
    const output = given.get(stage)![tensor];
    if (!output) {
      const names = Object.keys(given.get(stage)!).join(', ');
      throw contractBroken(
        'source',
        source,
        `the feature "${name}" is the tensor "${tensor}" of the stage "${stage}", which gives ${names}.`,
      );
    }
    const found = output.shape.slice(1);
    if (found.join() === shape.join()) continue;
    throw contractBroken(
      'source',
      source,
      `the feature "${name}" is declared as [${shape.join(', ')}], and the network gives [${found.join(', ')}].`,
    );
  }
}

/** A network may take other sizes than those that it was published for: whether it takes the encoder's, running it says. */
function checkInputs(
  backbone: Backbone,
  { inputs, rows }: Pick<Encoder, 'inputs' | 'rows'>,
  { source, task }: NetworkParts,
): void {
  const wanted = backbone.input.tensors;
  const missing = Object.keys(wanted).find((name) => !inputs[name]);
  const mismatch = `its encoder gives ${described(inputs)}; the source "${source.id}" takes ${described(wanted)}.`;
  if (missing !== undefined) throw contractBroken('task', task, mismatch);
  if (described(inputs) === described(wanted)) return;
  try {
    let tensors: Tensors = blankTensors(inputs, rows);
    for (const stage of backbone.stages) tensors = outputsOf(stage, tensors, 'source', source);
  } catch (error) {
    throw isMissingKernel(error) ? error : contractBroken('task', task, mismatch);
  }
}

function checkHead(
  { backbone, head }: TransferModel,
  { inputs, rows }: Pick<Encoder, 'inputs' | 'rows'>,
  { task }: NetworkParts,
): void {
  const features: Record<string, Tensor> = tidy(() => {
    let tensors: Tensors = blankTensors(inputs, rows);
    for (const stage of backbone.stages) tensors = stage.forward(tensors, { training: false });
    return { ...tensors };
  });
  try {
    const forward = () => {
      const before = memory().numTensors;
      tidy(() => void outputsOf(head, features, 'task', task));
      return memory().numTensors - before;
    };
    forward(); // which may make constants once
    const left = forward();
    if (left > 0)
      throw contractBroken(
        'task',
        task,
        `its head leaves ${left} ${left === 1 ? 'tensor' : 'tensors'} behind each time that it is run.`,
      );
  } finally {
    dispose(features);
  }
}

function blankTensors(specs: TensorSpecs, rows?: number): Record<string, Tensor> {
  return inputTensors(specs, blankInputs(specs, rows));
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
