import { dispose } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { cut, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors } from '../data/encode-batch.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { HostTensors, TensorSpecs } from '../network/tensors.ts';
import type { StoredValue } from '../network/variable-values.ts';
import type { DerivedTargets, Phase } from '../strategies/strategy.ts';
import { under } from './checkpoint.ts';
import { EVALUATION_BATCH, inferenceOf } from './evaluate.ts';
import { featuresOf } from './head-features.ts';
import type { PhaseData } from './phase-data.ts';
import type { Run } from './run.ts';

/** A phase's targets of the unlabelled samples by name, as they are at present. */
export type TargetsAtPresent = Map<string, StoredValue>;

/**
 * The targets that a phase derives of the unlabelled samples as it begins or is taken up again: from the checkpoint where it holds
 * them, else from what the model as it stands says of each, or zeros where their epoch is still to come. Nothing where the phase derives none.
 * @throws HeadstartError `plugin-failed` for values of another size than their shape
 */
export async function firstTargets<S extends Sample>(
  run: Run<S>,
  phase: Phase,
  data: PhaseData,
): Promise<TargetsAtPresent> {
  const { derived } = phase;
  const { checkpoint, state } = run;
  if (!derived || !data.unlabelled) return new Map();
  if (checkpoint && (state.epoch > 0 || state.step > 0)) return new Map(under(checkpoint.tensors, 'derived/'));
  const targets: TargetsAtPresent = new Map();
  if (derivesAt(derived, 0)) await deriveTargets(run, phase, data, targets);
  else setTargets(targets, specsOf(run, derived), data.unlabelled.length);
  return targets;
}

/** Whether targets are made at the beginning of that epoch of a phase, from 0. */
export function derivesAt({ epochs = [0] }: DerivedTargets, epoch: number): boolean {
  return epochs.includes(epoch);
}

/**
 * Makes the targets that a phase derives anew of what the model as it stands says of each unlabelled sample.
 * @throws HeadstartError `plugin-failed` for values of another size than their shape
 */
export async function deriveTargets<S extends Sample>(
  run: Run<S>,
  phase: Phase,
  { unlabelled }: PhaseData,
  targets: TargetsAtPresent,
): Promise<void> {
  const { derived } = phase;
  if (!derived || !unlabelled) return;
  const specs = specsOf(run, derived);
  const values = derived.byBatch
    ? await byBatch(run, derived, unlabelled, specs)
    : await together(run, derived, unlabelled, specs);
  const { labels } = run.transfer.target;
  const summary = derived.summary?.(values, labels);
  if (summary !== undefined) await run.events.emit('derived', { phase: phase.name, summary });
  const remark = derived.remark?.(values, labels);
  if (remark !== undefined) await run.events.emit('warning', `Phase "${phase.name}": ${remark}`);
  setTargets(targets, specs, unlabelled.length, values);
}

function specsOf<S extends Sample>({ transfer }: Run<S>, derived: DerivedTargets): TensorSpecs {
  return derived.specs(transfer.target.labels);
}

function setTargets(targets: TargetsAtPresent, specs: TensorSpecs, samples: number, values: HostTensors = {}): void {
  for (const [name, { shape }] of Object.entries(specs)) {
    const data = (values[name] as Float32Array | undefined) ?? new Float32Array(samples * sizeOf(shape));
    targets.set(name, { shape: [samples, ...shape], data });
  }
}

/** What is derived of all samples at once. */
async function together<S extends Sample>(
  run: Run<S>,
  derived: DerivedTargets,
  loader: BatchLoader,
  specs: TensorSpecs,
): Promise<HostTensors> {
  const outputs: Record<string, StoredValue> = {};
  await forEachOutputs(run, loader, (start, size, batch) => {
    for (const [name, { shape, data }] of Object.entries(batch)) {
      const width = data.length / size;
      outputs[name] ??= { shape: [loader.length, ...shape.slice(1)], data: new Float32Array(loader.length * width) };
      outputs[name].data.set(data, start * width);
    }
  });
  const { labels } = run.transfer.target;
  const values = derived.derive({
    labels,
    samples: loader.length,
    outputs,
    encoded: encodedOf(run, 0, loader.length),
    ...(derived.embeddings && { embeddings: await allEmbeddings(run, loader) }),
  });
  checkSizes(run, values, specs, loader.length);
  return values;
}

/** What is derived of one batch after another, put together. */
async function byBatch<S extends Sample>(
  run: Run<S>,
  derived: DerivedTargets,
  loader: BatchLoader,
  specs: TensorSpecs,
): Promise<HostTensors> {
  const { labels } = run.transfer.target;
  const whole = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, new Float32Array(loader.length * sizeOf(shape))]),
  );
  await forEachOutputs(run, loader, (start, size, outputs) => {
    const values = derived.derive({ labels, samples: size, outputs, encoded: encodedOf(run, start, size) });
    checkSizes(run, values, specs, size);
    for (const [name, all] of Object.entries(whole)) all.set(values[name]!, (start * all.length) / loader.length);
  });
  return whole;
}

function checkSizes<S extends Sample>(
  { transfer }: Run<S>,
  values: HostTensors,
  specs: TensorSpecs,
  samples: number,
): void {
  for (const [name, { shape }] of Object.entries(specs)) {
    const data = values[name];
    if (data instanceof Float32Array && data.length === samples * sizeOf(shape)) continue;
    throw new HeadstartError({
      code: 'plugin-failed',
      message: `The strategy "${transfer.strategy.id}" derived ${data ? `${data.length} values` : 'nothing'} as "${name}" of ${samples} unlabelled samples, where [${[samples, ...shape].join(', ')}] float32 numbers are needed.`,
      hint: "Tell the strategy's author.",
    });
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function encodedOf<S extends Sample>({ transfer, encoder }: Run<S>, start: number, size: number) {
  const unlabelled = transfer.target.unlabelled!;
  return { samples: Array.from({ length: size }, (_, i) => unlabelled.get(start + i)), encoder: encoder as never };
}

/** The backbone's last feature of every sample, in their order. */
async function allEmbeddings<S extends Sample>({ backend, model }: Run<S>, loader: BatchLoader): Promise<StoredValue> {
  const data = await featuresOf(backend, model, loader);
  return { shape: [loader.length, data.length / loader.length], data };
}

/** The model's outputs of every sample, batch by batch in their order. */
async function forEachOutputs<S extends Sample>(
  { backend, model }: Run<S>,
  loader: BatchLoader,
  use: (start: number, size: number, outputs: Readonly<Record<string, StoredValue>>) => void,
): Promise<void> {
  const forward = inferenceOf(backend, model, loader.from);
  let start = 0;
  const batches = cut(
    Uint32Array.from({ length: loader.length }, (_, i) => i),
    EVALUATION_BATCH,
  );
  for await (const batch of prefetch(batches, (positions) => loader.load(positions))) {
    const inputs = inputTensors(loader.inputs, batch);
    const outputs = await forward(inputs).finally(() => dispose(inputs));
    const read: Record<string, StoredValue> = {};
    for (const [name, output] of Object.entries(outputs))
      read[name] = { shape: output.shape, data: await output.data<'float32'>() };
    dispose(outputs);
    use(start, batch.size, read);
    start += batch.size;
  }
}
