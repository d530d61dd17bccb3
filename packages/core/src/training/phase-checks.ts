import { dispose } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../domains/target-domain.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { readValues, writeValues } from '../network/variable-values.ts';
import { HEAD } from '../network/head.ts';
import type { AdapterPlan } from '../network/adapters.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { Encoder } from '../data/encoder.ts';
import { blankInputs, inputTensors } from '../data/encode-batch.ts';
import { withGroups } from '../data/group-batches.ts';
import { PhaseRun, trainables, type PhaseOptions } from './phase-run.ts';

/**
 * Runs every phase's forward and backward pass once on a batch of one blank sample, so that a
 * kernel that the backend lacks is found before the first step of the first phase.
 * The model is left as it was.
 *
 * @throws HeadstartError `backend-missing-kernel`; `plugin-invalid` where a phase names no stage of the model
 */
export async function checkPhases<S extends Sample>(
  encoder: Encoder<S>,
  phases: readonly Omit<PhaseOptions<S>, 'from'>[],
): Promise<void> {
  for (const options of phases) {
    const { model, phase, backend } = options;
    checkStages(
      phase,
      model.stages.map(({ name }) => name),
    );
    checkWeights(phase, model);
    const statistics = [...model.variables((stage) => phase.trainable[stage] !== undefined)].filter(
      ([, { role }]) => role === 'statistic',
    );
    const before = await readValues(statistics);
    const run = new PhaseRun({ ...options, from: 0 });
    const blank = blankInputs(encoder.inputs, encoder.rows);
    const inputs = inputTensors(encoder.inputs, { ...blank, ...encoder.fit?.(blank.inputs, encoder.rows ?? 1) });
    const truth = phase.objective ? withGroups(encoder).targets : encoder.targets;
    const targets = inputTensors(truth, blankInputs(truth));
    try {
      const { loss, gradients } = run.gradients(inputs, targets);
      await loss.data();
      dispose([loss, ...gradients]);
    } catch (error) {
      throw missingKernel(error, phase.name, backend.name) ?? error;
    } finally {
      dispose([inputs, targets]);
      run.dispose();
      writeValues(statistics, before, 'The model');
    }
  }
}

/** A phase trains stages that exist, at least one of them. */
function checkStages({ name, trainable, objective }: Phase, stages: readonly string[]): void {
  if (objective && trainable[HEAD] !== undefined) {
    throw new HeadstartError({
      code: 'plugin-invalid',
      message: `The phase "${name}" trains the head by the objective "${objective.name}", in which a head has no part.`,
      hint: "Choose another --strategy, or tell the strategy's author.",
    });
  }
  const unknown = Object.keys(trainable).find((stage) => !stages.includes(stage));
  if (unknown === undefined && Object.keys(trainable).length > 0) return;
  throw new HeadstartError({
    code: 'plugin-invalid',
    message:
      unknown === undefined
        ? `The phase "${name}" trains no stage.`
        : `The phase "${name}" trains the stage "${unknown}", which the model does not have.`,
    hint: `Choose another --strategy, or tell the strategy's author. The model's stages: ${stages.join(', ')}.`,
  });
}

/** A phase has weights to train: of some tasks the head has none, and the backbone's features are all there is to learn. */
function checkWeights(phase: Phase, model: TransferModel): void {
  if (trainables(model, phase).length > 0) return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The phase "${phase.name}" has nothing to train: ${Object.keys(phase.trainable).join(', ')} without weights.`,
    hint: 'Choose a --strategy that trains the network itself, such as fine-tune or lora.',
  });
}

/**
 * The adapters of a strategy, if it trains any.
 * @throws HeadstartError `plugin-invalid` where it trains the backbone in another way too, or penalises adapters
 */
export function adapterPlan(phases: readonly Phase[]): AdapterPlan | undefined {
  const plan = phases.find(({ adapters }) => adapters)?.adapters;
  const trainsBackbone = ({ trainable }: Phase) => Object.keys(trainable).some((stage) => stage !== HEAD);
  const wrong =
    plan && phases.find((phase) => trainsBackbone(phase) && (phase.adapters !== plan || phase.penalties?.length));
  if (!wrong) return plan;
  throw new HeadstartError({
    code: 'plugin-invalid',
    message:
      wrong.adapters === plan
        ? `The phase "${wrong.name}" penalises weights that are made of adapters.`
        : `The phase "${wrong.name}" trains the backbone without the adapters of the other phases.`,
    hint: "Choose another --strategy, or tell the strategy's author: with adapters, all phases train the backbone by them alone.",
  });
}

/** tfjs says `Kernel 'X' not registered for backend 'Y'`. */
function missingKernel(error: unknown, phase: string, backend: string): HeadstartError | undefined {
  const kernel = error instanceof Error ? /Kernel '(\w+)' not registered/.exec(error.message)?.[1] : undefined;
  if (kernel === undefined) return undefined;
  return new HeadstartError({
    code: 'backend-missing-kernel',
    message: `The backend "${backend}" has no kernel ${kernel}, which the phase "${phase}" needs.`,
    hint: 'Run "headstart backend install" for the native library, or choose --strategy linear-probe, which trains the head only.',
    cause: error,
  });
}
