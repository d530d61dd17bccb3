import { dispose } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { cut, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors } from '../data/encode-batch.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { StoredValue } from '../network/variable-values.ts';
import type { Phase } from '../strategies/strategy.ts';
import { under } from './checkpoint.ts';
import { compileInference, EVALUATION_BATCH } from './evaluate.ts';
import { featuresOf } from './head-features.ts';
import type { PhaseData } from './phase-data.ts';
import type { Run } from './run.ts';

/**
 * The targets that a phase derives of the unlabelled samples: from the checkpoint where it holds them, else from what
 * the model as it stands says of each. Nothing where the phase derives none.
 * @throws HeadstartError `plugin-failed` for values of another size than their shape
 */
export async function deriveTargets<S extends Sample>(
  run: Run<S>,
  phase: Phase,
  { unlabelled, derived: specs }: PhaseData,
): Promise<ReadonlyMap<string, StoredValue>> {
  if (!phase.derived || !unlabelled) return new Map();
  const { checkpoint, state, transfer } = run;
  if (checkpoint && (state.epoch > 0 || state.step > 0)) return under(checkpoint.tensors, 'derived/');
  const labels = transfer.target.labels;
  const outputs = await allOutputs(run, unlabelled);
  const values = phase.derived.derive({
    labels,
    samples: unlabelled.length,
    outputs: Object.fromEntries(outputs),
    ...(phase.derived.embeddings && { embeddings: await allEmbeddings(run, unlabelled) }),
  });
  return new Map(
    Object.entries(specs).map(([name, { shape }]) => {
      const whole = [unlabelled.length, ...shape];
      const data = values[name];
      if (data instanceof Float32Array && data.length === whole.reduce((product, n) => product * n, 1))
        return [name, { shape: whole, data }];
      throw new HeadstartError({
        code: 'plugin-failed',
        message: `The strategy "${transfer.strategy.id}" derived ${data ? `${data.length} values` : 'nothing'} as "${name}" of ${unlabelled.length} unlabelled samples, where [${whole.join(', ')}] float32 numbers are needed.`,
        hint: "Tell the strategy's author.",
      });
    }),
  );
}

/** The backbone's last feature of every sample, in their order. */
async function allEmbeddings<S extends Sample>({ backend, model }: Run<S>, loader: BatchLoader): Promise<StoredValue> {
  const data = await featuresOf(backend, model, loader);
  return { shape: [loader.length, data.length / loader.length], data };
}

/** The model's outputs of every sample, in their order. */
async function allOutputs<S extends Sample>(
  { backend, model }: Run<S>,
  loader: BatchLoader,
): Promise<Map<string, StoredValue>> {
  const forward = compileInference(backend, model, loader.from);
  const found = new Map<string, StoredValue>();
  try {
    let start = 0;
    const batches = cut(
      Uint32Array.from({ length: loader.length }, (_, i) => i),
      EVALUATION_BATCH,
    );
    for await (const batch of prefetch(batches, (positions) => loader.load(positions))) {
      const inputs = inputTensors(loader.inputs, batch);
      const outputs = await forward(inputs).finally(() => dispose(inputs));
      for (const [name, output] of Object.entries(outputs)) {
        const width = output.size / batch.size;
        const whole = found.get(name) ?? {
          shape: [loader.length, ...output.shape.slice(1)],
          data: new Float32Array(loader.length * width),
        };
        found.set(name, whole);
        whole.data.set(await output.data<'float32'>(), start * width);
      }
      dispose(outputs);
      start += batch.size;
    }
  } finally {
    forward.dispose();
  }
  return found;
}
