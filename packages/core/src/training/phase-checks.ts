import { dispose } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../domains/target-domain.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { readValues, writeValues } from '../network/variable-values.ts';
import { HEAD } from '../network/head.ts';
import type { AdapterPlan } from '../network/adapters.ts';
import { named } from '../plugins/owner.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { Encoder } from '../data/encoder.ts';
import { blankInputs, inputTensors } from '../data/encode-batch.ts';
import { withGroups } from '../data/group-batches.ts';
import type { StepBatch } from './batch-loss.ts';
import { needsOf, trainsStage } from './loss-needs.ts';
import { PhaseRun, type PhaseOptions } from './phase-run.ts';
import { trainables } from './trainables.ts';

/**
 * Runs every phase's forward and backward pass once on a batch of one blank sample, so that a
 * kernel that the backend lacks is found before the first step of the first phase.
 * The model is left as it was.
 *
 * @throws HeadstartError `backend-missing-kernel`; `not-supported` for a phase with nothing to train; `plugin-failed` for a loss without a gradient
 */
export async function checkPhases<S extends Sample>(
  encoder: Encoder<S>,
  phases: readonly (Omit<PhaseOptions<S>, 'from'> & {
    readonly labels: readonly string[];
    readonly sourceFree?: boolean;
  })[],
): Promise<void> {
  for (const options of phases) {
    const { model, phase, backend } = options;
    checkWeights(phase, model);
    const statistics = [...model.state((stage) => trainsStage(phase, stage))].filter(
      ([, { role }]) => role === 'statistic',
    );
    const before = await readValues(statistics);
    const run = new PhaseRun({ ...options, from: 0 });
    const batch = blankBatch(encoder, options, phase);
    try {
      const { loss, gradients } = run.gradients(batch);
      await loss.data();
      dispose([loss, ...gradients]);
    } catch (error) {
      throw missingKernel(error, phase.name, backend.name) ?? withoutGradient(error, options) ?? error;
    } finally {
      dispose(batch as never);
      run.dispose();
      await writeValues(statistics, before, 'The model');
    }
  }
}

/** A step's batches of one blank sample each. */
function blankBatch<S extends Sample>(
  encoder: Encoder<S>,
  { labels, sourceFree }: { readonly labels: readonly string[]; readonly sourceFree?: boolean },
  phase: Phase,
): StepBatch {
  const { groups, unlabelled } = needsOf([phase]);
  const truth = groups ? withGroups(encoder).targets : encoder.targets;
  const inputs = () => {
    const blank = blankInputs(encoder.inputs, encoder.rows);
    return inputTensors(encoder.inputs, { ...blank, ...encoder.fit?.(blank.inputs, encoder.rows ?? 1) });
  };
  const labelled = sourceFree ? {} : { inputs: inputs(), targets: inputTensors(truth, blankInputs(truth)) };
  if (!unlabelled) return labelled;
  const specs = phase.derived?.truth ? encoder.targets : (phase.derived?.specs(labels) ?? {});
  return {
    ...labelled,
    unlabelled: { inputs: inputs(), derived: inputTensors(specs, blankInputs(specs)) },
  };
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
 * @throws HeadstartError `plugin-invalid` where it trains the backbone in another way too, or has a term of the weights that are adapted
 */
export function adapterPlan(phases: readonly Phase[]): AdapterPlan | undefined {
  const plan = phases.find(({ adapters }) => adapters)?.adapters;
  const trainsBackbone = ({ trainable }: Phase) => Object.keys(trainable).some((stage) => stage !== HEAD);
  const wrong =
    plan && phases.find((phase) => trainsBackbone(phase) && (phase.adapters !== plan || needsOf([phase]).weights));
  if (!wrong) return plan;
  throw new HeadstartError({
    code: 'plugin-invalid',
    message:
      wrong.adapters === plan
        ? `The phase "${wrong.name}" has a loss term of weights that are made of adapters.`
        : `The phase "${wrong.name}" trains the backbone without the adapters of the other phases.`,
    hint: "Choose another --strategy, or tell the strategy's author: with adapters, all phases train the backbone by them alone.",
  });
}

/** tfjs says so where nothing that trains leads to the loss. */
function withoutGradient<S extends Sample>(
  error: unknown,
  { phase, task }: Pick<PhaseOptions<S>, 'phase' | 'task'>,
): HeadstartError | undefined {
  if (!(error instanceof Error && /Cannot find a connection between any variable/.test(error.message)))
    return undefined;
  return new HeadstartError({
    code: 'plugin-failed',
    message: `${named('task', task)}: the loss of the phase "${phase.name}"${phase.losses?.length ? ', with its loss terms,' : ''} depends on no weight that trains: it has no gradient.`,
    hint: "Tell the author of the strategy's loss terms, or of the task: a loss is computed from what the network gives, by operations that have gradients.",
    cause: error,
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
