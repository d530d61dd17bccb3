import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, createHeadstart, silentProgress, type SourceRuntime } from '@headstart/core';
import { writeSafetensors, type WritableTensor } from '@headstart/core/formats';
import type { Backend } from '@headstart/core/backend';
import type { HostTensors } from '@headstart/core/network';
import { emojiScenes, nanoDetCoco, type DetectionSample } from '@headstart/detection';
import type { DetectionJob } from '../job.ts';
import { classNames, detectionPlugin, SCENE_TASK } from './detection-plugin.ts';
import { headRandom } from './every-layer.ts';
import { Scenes } from './scenes.ts';
import { timedTraining, type WorkResult } from './timed-training.ts';

/** A training step by the trainer. */
export async function train(job: DetectionJob, backend: Backend): Promise<WorkResult> {
  const rows: number[] = [];
  const plugins = [detectionPlugin(job, await Scenes.read(job.scenes), (row) => void rows.push(row))];
  return timedTraining(job, await createHeadstart({ backend, plugins }), nanoDetCoco.id, rows);
}

/** Scenes as the encoder gives them, and the weights from which every contestant starts. */
export async function prepare(job: DetectionJob): Promise<WorkResult> {
  const runtime: SourceRuntime = {
    artifacts: createArtifacts({ root: join(cacheRoot(), 'artifacts') }),
    progress: silentProgress,
  };
  const { labels, samples } = await emojiScenes('google').load(runtime, {
    skipBad: false,
    progress: silentProgress,
    options: {},
  });
  const backbone = await nanoDetCoco.open(runtime, { weights: 'published' });
  const chosen = samples.filter(({ split }) => split === 'train').slice(0, job.pictures);
  const encoder = SCENE_TASK.encoder({ backbone, labels, augmentation: 'none' });
  const encoded: HostTensors[] = [];
  for (const { sample } of chosen) {
    const scene = sample as DetectionSample;
    encoded.push({ ...(await encoder.encode(scene, { kind: 'plain' })), ...encoder.target(scene, { kind: 'plain' }) });
  }
  await new Scenes({ ...encoder.inputs, ...encoder.targets }, encoded).write(job.scenes);

  const head = SCENE_TASK.buildHead(backbone, classNames(job), headRandom());
  const weights = new Map<string, WritableTensor>();
  for (const { name, value } of [...backbone.stages.flatMap(({ variables }) => variables), ...head.variables]) {
    weights.set(name, { dtype: 'F32', shape: value.shape, data: await value.data<'float32'>() });
  }
  await writeSafetensors(job.weights, weights);
  backbone.dispose();
  return {};
}
