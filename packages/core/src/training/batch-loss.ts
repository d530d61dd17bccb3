import { add, type Scalar, type Tensor1D } from '@tensorflow/tfjs-core';
import { GROUP } from '../data/group-batches.ts';
import type { Sample } from '../domains/target-domain.ts';
import { headFeature, pooledFeature } from '../network/head-feature.ts';
import { lossStage, type LossBatch, type LossInputs, type LossNeeds, type LossTerm } from '../network/loss-term.ts';
import type { ForwardMode } from '../network/stage.ts';
import type { Tensors } from '../network/tensors.ts';
import { contractBroken, type Named } from '../plugins/owner.ts';
import type { StepRandom } from '../random/step-random.ts';
import { mergedNeeds, normalisesByBatches, replacesTaskLoss, trainsStage } from './loss-needs.ts';
import { taskLoss } from './task-loss.ts';
import type { StepParts } from './train-step.ts';

/** A step's batches on the device. */
export interface StepBatch {
  /** Of labelled samples: both are absent where a strategy is source-free. */
  readonly inputs?: Tensors;
  readonly targets?: Tensors;
  /** `derived` are the targets that the phase derived of these samples. */
  readonly unlabelled?: { readonly inputs: Tensors; readonly derived: Tensors };
  /** Share of the phase's steps that are done; given where the phase has loss terms. */
  readonly progress?: Scalar;
}

/** What the frozen stages and the teacher give of a batch: constants to the gradient. */
interface FrozenPass {
  /** Inputs of the first stage that trains. */
  readonly tensors: Tensors;
  readonly features: Map<string, Tensors[string]>;
  /** What the backbone puts out, where all of it is frozen. */
  readonly backbone?: Tensors;
  readonly teacher?: Tensors;
}

/**
 * The loss of a step as a function to be differentiated: the frozen stages are run at once, outside of it.
 * Each batch passes the network once, however many terms look at it.
 */
export function batchLoss<S extends Sample>(parts: StepParts<S>, batch: StepBatch, random: StepRandom): () => Scalar {
  const { phase, task, unlabelledFrom = parts.from } = parts;
  const terms = phase.losses ?? [];
  const needs = mergedNeeds(terms);
  const ofUnlabelled = mergedNeeds(terms.filter((term) => term.needs.unlabelled));
  const replaced = replacesTaskLoss(terms);
  const labelled = batch.inputs && frozenPass(parts, needs, batch.inputs, parts.from);
  const unlabelled = batch.unlabelled && frozenPass(parts, ofUnlabelled, batch.unlabelled.inputs, unlabelledFrom);
  return () => {
    const seen =
      labelled &&
      trainedPass(parts, { ...needs, outputs: needs.outputs || !replaced }, labelled, {
        random,
        movesAverages: !unlabelled,
      });
    const other =
      unlabelled &&
      trainedPass(parts, ofUnlabelled, unlabelled, { random: random.child('unlabelled'), movesAverages: true });
    const inputsOf = (term: LossTerm): LossInputs =>
      ({
        labelled: seen && {
          ...seen,
          targets: batch.targets!,
          groups: batch.targets![GROUP] as Tensor1D | undefined,
        },
        unlabelled: other && { ...other, derived: batch.unlabelled.derived },
        weights: term.needs.weights ? weightsOf(parts, term.needs) : undefined,
        layers: parts.model.auxiliary?.of(term) ?? {},
        mode: { training: true, random: random.child(lossStage(term)) },
        progress: batch.progress,
      }) as never;
    const valueOf = (term: LossTerm) => checkedScalar(term.value(inputsOf(term)), 'loss term', term, 'it');
    const ofTask = () =>
      checkedScalar(taskLoss(task, seen!.outputs!, batch.targets!, parts.loss), 'task', task, 'its loss');
    const first = replaced ? [valueOf(replaced)] : seen ? [ofTask()] : [];
    const beside = terms.filter((term) => term !== replaced).map(valueOf);
    return [...first, ...beside].reduce((sum, value) => add(sum, value));
  };
}

function frozenPass<S extends Sample>(
  parts: StepParts<S>,
  needs: LossNeeds,
  inputs: Tensors,
  from: number,
): FrozenPass {
  const { model, prefix, teacher } = parts;
  const features = new Map<string, Tensors[string]>();
  const note = noting(parts, needs, features);
  if (from > 0) note(model.stages[from - 1]!.name, inputs);
  const tensors = model.forward(inputs, from, prefix, undefined, note);
  return {
    tensors,
    features,
    backbone: prefix >= model.backbone.stages.length ? tensors : undefined,
    // A frozen stage that no phase has trained gives what the source's gives.
    teacher:
      needs.teacher && teacher
        ? prefix <= teacher.untouched
          ? teacher.teacher.forward(tensors, prefix)
          : teacher.teacher.forward(inputs, from)
        : undefined,
  };
}

function trainedPass<S extends Sample>(
  parts: StepParts<S>,
  needs: LossNeeds,
  frozen: FrozenPass,
  { random, movesAverages }: { readonly random: StepRandom; readonly movesAverages: boolean },
): { [Key in keyof LossBatch]: LossBatch[Key] | undefined } & { outputs?: Tensors; features: Tensors } {
  const { model, phase, prefix } = parts;
  const mode = (stage: string): ForwardMode =>
    trainsStage(phase, stage)
      ? {
          training: true,
          batchStatistics: normalisesByBatches(phase, stage),
          movesAverages,
          random: random.child(stage),
        }
      : { training: false };
  const features = new Map(frozen.features);
  const note = noting(parts, needs, features);
  const last = model.backbone.stages.length;
  const backbone = frozen.backbone ?? model.forward(frozen.tensors, prefix, last, mode, note);
  return {
    features: Object.fromEntries(features),
    embedding: needs.embedding ? pooledFeature(headFeature(model.backbone), backbone) : undefined,
    outputs: needs.outputs ? model.forward(backbone, last, undefined, mode) : undefined,
    teacher: frozen.teacher,
  } as never;
}

/** Keeps the features that are asked for as the stages that give them pass by. */
function noting<S extends Sample>(
  { model }: StepParts<S>,
  { features: wanted = [] }: LossNeeds,
  found: Map<string, Tensors[string]>,
): (stage: string, outputs: Tensors) => void {
  const chosen = model.backbone.features.filter(({ name }) => wanted.includes(name));
  return (stage, outputs) => {
    for (const { name, tensor, stage: origin } of chosen) {
      const output = origin === stage ? outputs[tensor] : undefined;
      if (output) found.set(name, output);
    }
  };
}

function weightsOf<S extends Sample>(
  { weights, anchors }: StepParts<S>,
  { sourceWeights }: LossNeeds,
): LossInputs['weights'] {
  return weights
    .filter(({ auxiliary }) => !auxiliary)
    .map(({ name, stage, variable }) => ({
      stage,
      name,
      decay: variable.decay,
      value: variable.value,
      source: sourceWeights ? anchors.get(name) : undefined,
    })) as never;
}

/** @throws HeadstartError `plugin-failed` for anything but a scalar: a loss is one number per batch */
function checkedScalar(value: Scalar, kind: string, giver: Named, what: string): Scalar {
  const shape = (value as { shape?: readonly number[] } | null | undefined)?.shape;
  if (shape?.length === 0) return value;
  const given = shape ? `a tensor of shape [${shape.join(', ')}]` : String(value);
  throw contractBroken(kind, giver, `${what} gave ${given} where a scalar is needed, one number per batch.`);
}
