import { cacheRoot, sha256File } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/core';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { HostEmbedder } from './host-embedder.ts';
import type { FeatureExtraction, TransformersLibrary, TransformersModule } from './transformers-library.ts';

export interface TransformersModel {
  /** A folder in the layout of transformers.js, or `owner/repository[@revision]` on the hub. */
  readonly model: string;
  readonly pooling: 'mean' | 'cls';
  readonly normalise: boolean;
  /** Single precision, or 8-bit whole numbers: faster, and each vector depends a little on those in its batch. */
  readonly precision: 'fp32' | 'q8';
}

const BATCH = 32;

/**
 * An ONNX encoder run by transformers.js. A folder is read where it lies; from the hub the library fetches into
 * Headstart's cache.
 *
 * @throws HeadstartError `model-invalid`, `artifact-unreachable`
 */
export async function transformersEmbedder(
  { name, module }: TransformersLibrary,
  model: TransformersModel,
): Promise<HostEmbedder> {
  const folder = await localFolder(model.model);
  const [id, revision] = folder === undefined ? model.model.split('@') : [basename(folder)];
  const { pooling, normalise, precision } = model;
  const options = name === '@xenova/transformers' ? { quantized: precision === 'q8' } : { dtype: precision };
  const environment =
    folder === undefined
      ? { allowLocalModels: false, allowRemoteModels: true }
      : { allowLocalModels: true, allowRemoteModels: false, localModelPath: `${dirname(folder)}/` };
  let run: FeatureExtraction;
  let width: number;
  try {
    run = await withEnvironment(
      module.env,
      environment,
      async () =>
        (await module.pipeline('feature-extraction', id!, {
          ...options,
          ...(revision && { revision }),
        })) as FeatureExtraction,
    );
    width = (await run(['a'], { pooling, normalize: normalise })).dims.at(-1)!;
  } catch (cause) {
    throw cannotOpen(model.model, folder, name, cause);
  }
  return {
    identity: JSON.stringify([
      'transformers/1',
      folder === undefined ? model.model : await folderDigest(folder, precision),
      pooling,
      normalise,
      precision,
    ]),
    runtime: name,
    width,
    batch: BATCH,
    embed: async (texts) => Float32Array.from((await run([...texts], { pooling, normalize: normalise })).data),
    dispose: () => void run.dispose().catch(() => {}), // what is left is freed with the process
  };
}

/** The folder's path, where there is one of that name. */
async function localFolder(model: string): Promise<string | undefined> {
  const path = resolve(model);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return path;
  if (/^[\w.-]+\/[\w.-]+(@[\w.-]+)?$/.test(model) && !model.startsWith('.')) return undefined;
  throw new HeadstartError({
    code: 'artifact-not-found',
    message: `There is no folder ${model}, and it is not the name of a repository on the hub.`,
    hint: 'Write transformers:<folder> or transformers:<owner>/<repository>, such as transformers:Xenova/all-MiniLM-L6-v2.',
  });
}

/** The library has one set of settings for all: ours are in force while a model is opened. */
let opening: Promise<unknown> = Promise.resolve();

function withEnvironment<T>(
  env: TransformersModule['env'],
  wanted: Partial<TransformersModule['env']>,
  work: () => Promise<T>,
): Promise<T> {
  const turn = opening.then(async () => {
    const { localModelPath, allowRemoteModels, allowLocalModels, cacheDir } = env;
    Object.assign(env, wanted, { cacheDir: join(cacheRoot(), 'transformers') });
    try {
      return await work();
    } finally {
      Object.assign(env, { localModelPath, allowRemoteModels, allowLocalModels, cacheDir });
    }
  });
  opening = turn.catch(() => {});
  return turn;
}

async function folderDigest(folder: string, precision: TransformersModel['precision']): Promise<string> {
  const files = [
    `onnx/model${precision === 'q8' ? '_quantized' : ''}.onnx`,
    'tokenizer.json',
    'tokenizer_config.json',
    'config.json',
  ];
  const digests = await Promise.all(files.map((file) => sha256File(join(folder, file))));
  return digests.join(' ');
}

function cannotOpen(model: string, folder: string | undefined, library: string, cause: unknown): HeadstartError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HeadstartError({
    code: folder === undefined ? 'artifact-unreachable' : 'model-invalid',
    message: `${library} cannot open the encoder ${model}: ${why}`,
    hint:
      folder === undefined
        ? 'Check the name and the connection to the hub, or give a folder with the model.'
        : 'The folder needs config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx (onnx/model_quantized.onnx for precision=q8).',
    cause,
  });
}
