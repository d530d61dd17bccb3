import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, createHeadstart, silentProgress, type Headstart, type SourceRuntime } from '@headstart/core';
import { writeSafetensors, type WritableTensor } from '@headstart/core/formats';
import type { Backend } from '@headstart/core/backend';
import { runStages, type ModelVariable } from '@headstart/core/network';
import { imageClassification } from '@headstart/vision';
import { dispose, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { PictureJob } from '../job.ts';
import { sourceOf } from './networks.ts';
import { Pictures } from './pictures.ts';
import { headRandom } from './every-layer.ts';
import { peersPlugin } from './plugin.ts';
import { NO_CHECKPOINT, timedTraining, type WorkResult } from './timed-training.ts';

/** A training step by the trainer. */
export async function train(job: PictureJob, backend: Backend): Promise<WorkResult> {
  const rows: number[] = [];
  const headstart = await compose(job, backend, (row) => void rows.push(row));
  return timedTraining(job, headstart, sourceOf(job.network).id, rows);
}

/** The default linear probe, features computed once into an empty folder. */
export async function probe(job: PictureJob, backend: Backend): Promise<WorkResult> {
  const headstart = await compose(job, backend);
  const history: { accuracy: number; milliseconds: number }[] = [];
  await headstart.train(
    {
      target: 'peers',
      source: sourceOf(job.network).id,
      strategy: 'linear-probe',
      batchSize: job.batch,
      epochs: job.epochs,
      seed: 0,
      out: join(job.scratch, 'run'),
      checkpointEvery: NO_CHECKPOINT,
    },
    {
      events: {
        epochEnd: ({ validation }) =>
          void history.push({ accuracy: validation!.accuracy!, milliseconds: Date.now() - job.spawnedAt }),
      },
    },
  );
  return { history };
}

function compose(job: PictureJob, backend: Backend, encoded?: (row: number) => void): Promise<Headstart> {
  return Pictures.read(job.data).then((pictures) =>
    createHeadstart({ backend, plugins: [peersPlugin(job, pictures, encoded)] }),
  );
}

/** The backbone's last feature of one batch, again and again. */
export async function features(job: PictureJob, backend: Backend): Promise<WorkResult> {
  const backbone = await sourceOf(job.network).open(runtime(), { weights: 'published' });
  const forward = backend.compile((inputs: Record<string, Tensor>) =>
    tidy(() => runStages(backbone.stages, inputs)['pooled']!),
  );
  const image = batchOf(job, await Pictures.read(job.data));
  const milliseconds: number[] = [];
  const losses: number[] = [];
  let first = 0;
  for (let i = 0; i < job.warmup + job.steps; i++) {
    const started = performance.now();
    const pooled = await forward({ image });
    const values = await pooled.data<'float32'>();
    pooled.dispose();
    losses.push(values.reduce((sum, value) => sum + value, 0) / values.length);
    milliseconds.push(performance.now() - started);
    first ||= Date.now();
  }
  return { startMilliseconds: first - job.spawnedAt, stepMilliseconds: milliseconds.slice(job.warmup), losses };
}

/** The published classifier's logits of the first pictures, for the equality check. */
export async function check(job: PictureJob): Promise<WorkResult> {
  const backbone = await sourceOf(job.network).open(runtime(), { weights: 'published' });
  const image = batchOf(job, await Pictures.read(job.data));
  const logits = tidy(() => {
    return runStages([...backbone.stages, backbone.sourceHead!.stage], { image })['logits']!;
  });
  await writeFile(job.logits!, await logits.data<'float32'>());
  dispose([logits, image]);
  return {};
}

/** The weights from which every contestant starts: backbone, the source's classifier and the new head. */
export async function weights(job: PictureJob): Promise<WorkResult> {
  const backbone = await sourceOf(job.network).open(runtime(), { weights: 'published' });
  const labels = Array.from({ length: job.classes }, (_, i) => String(i));
  const head = imageClassification().buildHead(backbone, labels, headRandom());
  const classifier = backbone.sourceHead?.stage.variables ?? [];
  const tensors = new Map<string, WritableTensor>();
  for (const { name, value } of [...backbone.stages.flatMap(({ variables }) => variables), ...classifier])
    tensors.set(name, await stored(value));
  for (const { name, value, role } of head.variables)
    if (role === 'weight') tensors.set(`head.${name === 'kernel' ? 'weight' : name}`, await stored(value));
  await writeSafetensors(job.weights, tensors);
  return {};
}

async function stored(value: ModelVariable['value']): Promise<WritableTensor> {
  return { dtype: 'F32', shape: value.shape, data: await value.data<'float32'>() };
}

function batchOf({ batch, data }: PictureJob, pictures: Pictures): Tensor {
  return tensor(pictures.batch(batch), [batch, data.height, data.width, data.channels]);
}

function runtime(): SourceRuntime {
  return { artifacts: createArtifacts({ root: join(cacheRoot(), 'artifacts') }), progress: silentProgress };
}
