import { harmless } from '@headstart/artifacts/errors';
import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import { checkOutputs } from '../network/finite.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Backend, CompiledStep } from '../ports/backend.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Progress } from '@headstart/artifacts';
import type { EncodedSamples, Encoder } from '../data/encoder.ts';
import type { Evaluator, MetricReport } from '../metrics/evaluator.ts';
import type { Tensors } from '../network/tensors.ts';
import type { LossOptions, Task } from '../tasks/task.ts';
import { ValidationLoss } from './validation-loss.ts';
import { InOrder } from './in-order.ts';
import { checkMonitor, reportMetrics, type Warn } from './reported-metrics.ts';
import { cut, lengthOrder, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors, toTensors } from '../data/encode-batch.ts';

export const EVALUATION_BATCH = 32;

export interface Evaluation<S extends Sample> {
  readonly task: Task<S>;
  readonly labels: readonly string[];
  /** See `EvaluatorOptions.retainedClasses`. */
  readonly retainedClasses?: readonly number[];
  readonly loader: BatchLoader;
  readonly progress?: Progress;
  readonly batchSize?: number;
  /** Registered metrics; those that the task's report lacks are added where their kind of evidence fits. */
  readonly metrics?: readonly Metric[];
  /** Called for metrics that are left out; the process's warnings where absent. */
  readonly warn?: Warn;
  /**
   * Given where training goes by the result: the task's monitor is then to be a metric that there is, and the mean of
   * what samples cost, by these options, is reported under `loss` where the task knows it.
   */
  readonly watched?: LossOptions;
  /** Adds 95 % confidence intervals to the report's details. */
  readonly intervals?: boolean;
  /** In place of a new one of the task's, for who asks it for more than its report. */
  readonly evaluator?: Evaluator;
  /** The loader's samples and their encoder, for an evaluator that is to show them. */
  readonly encoded?: { readonly samples: Dataset<S>; readonly encoder: Encoder<S> };
}

/** A model in inference mode as one step. It follows the model's values: it can be kept while they change. */
export type Inference = CompiledStep<[inputs: Record<string, Tensor>], Record<string, Tensor>>;

/** @param from the stage whose inputs the batches hold */
export function compileInference(backend: Backend, model: TransferModel, from: number): Inference {
  return backend.compile((inputs: Record<string, Tensor>) =>
    tidy(() => model.forward(inputs, from) as Record<string, Tensor>),
  );
}

/** The model's own step of inference, disposed of with it: for a run, whose samples come in few shapes. */
export function inferenceOf(backend: Backend, model: TransferModel, from: number): Inference {
  return model.kept(`inference from ${from}`, () => compileInference(backend, model, from));
}

/**
 * The evaluator is given the samples in their order, also where batches are of samples of one length.
 * @throws HeadstartError `not-finite` naming a sample for which the network gives no numbers; nothing is counted then
 * @param forward from the stage that the loader's batches are for
 */
export async function evaluate<S extends Sample>(forward: Inference, evaluation: Evaluation<S>): Promise<MetricReport> {
  const { task, labels, loader, progress, batchSize = EVALUATION_BATCH } = evaluation;
  const { watched } = evaluation;
  const cost = watched && new ValidationLoss(task, watched);
  const { evaluator = task.evaluator(labels, { retainedClasses: evaluation.retainedClasses }), encoded } = evaluation;
  const bar = progress?.start({ label: 'evaluation', total: loader.length, unit: 'samples' });
  let done = 0;
  const take = (positions: Uint32Array, outputs: Tensors, targets: Tensors) =>
    evaluator.add(outputs, targets, encoded && samplesAt(encoded, positions));
  const inOrder = loader.lengthOf && new InOrder();
  try {
    const batches = cut(lengthOrder(loader.length, loader.lengthOf), batchSize);
    let next = 0;
    for await (const batch of prefetch(batches, (positions) => loader.load(positions))) {
      const positions = batches[next++]!;
      const inputs = inputTensors(loader.inputs, batch);
      const targets = toTensors(loader.targets, batch.targets, batch.size);
      try {
        const outputs = await forward(inputs);
        try {
          const name = (row: number) => `the sample "${loader.idOf(positions[row]!)}"`;
          await checkOutputs(outputs, { rows: positions.length, name });
          if (cost) await cost.add(outputs, targets, batch.size);
          await (inOrder ? inOrder.add(positions, outputs, targets) : take(positions, outputs, targets));
        } finally {
          dispose(outputs);
        }
      } finally {
        dispose([inputs, targets]);
      }
      bar?.update((done += batch.size));
    }
  } finally {
    bar?.end();
  }
  await inOrder?.handOn(batchSize, take);
  await evaluator.finish?.();
  const { metrics: registered = [], intervals = false, warn = warnProcess } = evaluation;
  const report = await reportMetrics({ task, evaluator, registered, intervals, warn });
  if (!cost) return report;
  checkMonitor(report, { task, evaluator, registered });
  return { ...report, values: cost.beside(report.values) };
}

function samplesAt<S extends Sample>(
  { samples, encoder }: NonNullable<Evaluation<S>['encoded']>,
  positions: Uint32Array,
): EncodedSamples {
  return {
    samples: Array.from(positions, (position) => samples.get(position)),
    encoder: encoder,
  };
}

function warnProcess(message: string): void {
  process.emitWarning(harmless(message), { type: 'HeadstartWarning', code: 'METRIC_LEFT_OUT' });
}
