import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import {
  createArtifacts,
  createHeadstart,
  silentProgress,
  type SourceDomain,
  type SourceRuntime,
  type Task,
} from '@headstart/core';
import { writeSafetensors, type WritableTensor } from '@headstart/core/formats';
import type { Backend } from '@headstart/core/backend';
import type { ExportedModel } from '@headstart/core/export';
import {
  encoderScheme,
  miniLmL6,
  nlp,
  onnxExporter,
  textClassification,
  textEmbedding,
  transformersScheme,
} from '@headstart/nlp';
// What `embed` runs, kept open: a server keeps its model open too.
/* eslint-disable no-restricted-imports */
import { Embedder } from '../../../packages/core/src/runtime/embed.ts';
/* eslint-enable no-restricted-imports */
import type { TextJob, Texts } from '../job.ts';
import { headRandom } from './every-layer.ts';
import { textPlugin } from './text-plugin.ts';
import { timedTraining, type WorkResult } from './timed-training.ts';

/** All sentences, again and again, and their vectors on disk. */
export async function encode(job: TextJob, backend: Backend): Promise<WorkResult> {
  const backbone = await encoderOf(job).open(runtime(), { weights: 'published' });
  const embedder = new Embedder(backend, backbone, textClassification);
  const sentences = (await textsOf(job)).sentences.slice(0, job.sentences);
  const milliseconds: number[] = [];
  let vectors = new Float32Array();
  let first = 0;
  for (let i = 0; i < job.warmup + job.steps; i++) {
    const started = performance.now();
    vectors = (await embedder.embed(sentences, {}, silentProgress)).data as Float32Array<ArrayBuffer>;
    milliseconds.push(performance.now() - started);
    first ||= Date.now();
  }
  await writeFile(job.vectors!, vectors);
  embedder.dispose();
  backbone.dispose();
  return { startMilliseconds: first - job.spawnedAt, stepMilliseconds: milliseconds.slice(job.warmup) };
}

/** Our own network, or onnxruntime's on what Headstart exported. */
function encoderOf({ settings, onnx }: TextJob): SourceDomain {
  const precision = settings.find((setting) => setting === 'fp32' || setting === 'q8');
  return precision === undefined
    ? miniLmL6
    : transformersScheme(() => undefined).resolve(`${onnx}#precision=${precision}`);
}

/** A training step by the trainer. */
export async function tune(job: TextJob, backend: Backend): Promise<WorkResult> {
  const rows: number[] = [];
  const plugins = [nlp(), textPlugin(job, await textsOf(job), (row) => void rows.push(row))];
  const source = encoderScheme.resolve(`${job.model}#length=${job.tokens}`).id;
  return timedTraining(job, await createHeadstart({ backend, plugins }), source, rows);
}

/** The head that fine-tuning starts from, and the encoder as transformers.js loads it. */
export async function exportModel(job: TextJob): Promise<WorkResult> {
  const backbone = await miniLmL6.open(runtime(), { weights: 'published' });
  const labels = Array.from({ length: job.classes }, (_, i) => String(i));
  const tensors = new Map<string, WritableTensor>();
  for (const { name, value, role } of textClassification.buildHead(backbone, labels, headRandom()).variables) {
    if (role === 'weight') tensors.set(name, { dtype: 'F32', shape: value.shape, data: await value.data<'float32'>() });
  }
  await writeSafetensors(job.weights, tensors);
  const task = textEmbedding as unknown as Task;
  const model: ExportedModel = {
    task,
    labels: [],
    backbone,
    headstart: '0.1.0',
    head: task.buildHead(backbone, [], headRandom()),
    encoder: task.encoder({ backbone, labels: [], augmentation: 'none' }),
  };
  await onnxExporter.write(model, job.onnx);
  backbone.dispose();
  return {};
}

async function textsOf({ texts }: TextJob): Promise<Texts> {
  return JSON.parse(await readFile(texts.path, 'utf8')) as Texts;
}

function runtime(): SourceRuntime {
  return { artifacts: createArtifacts({ root: join(cacheRoot(), 'artifacts') }), progress: silentProgress };
}
