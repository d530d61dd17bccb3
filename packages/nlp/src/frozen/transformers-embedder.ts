import { derivedRoot, sha256File } from '@headstart/artifacts/storage';
import { HeadstartError, type Artifacts } from '@headstart/core';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { HostEmbedder } from './host-embedder.ts';
import type { InputLimit } from '@headstart/core/readers';
import { parseJson } from '../encoders/encoder-backbone.ts';
import { checkTokenizer } from '../tokens/check-tokenizer.ts';
import { tokenLimit } from '../tokens/token-limit.ts';
import { Tokeniser } from '../tokens/tokeniser.ts';
import { hubFolder, type HubFile } from './hub-folder.ts';
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
/** What a longer length in a tokenizer's configuration stands for is none. */
const MOST_TOKENS = 1e6;

/**
 * An ONNX encoder run by transformers.js. A folder is read where it lies; of the hub's repositories the files are fetched
 * as artifacts, so that the library itself never asks a network.
 *
 * @throws HeadstartError `model-invalid`, `checkpoint-invalid` for a tokenizer that is refused, `artifact-*`
 */
export async function transformersEmbedder(
  { name, module }: TransformersLibrary,
  model: TransformersModel,
  artifacts: Artifacts,
): Promise<HostEmbedder> {
  const { pooling, normalise, precision } = model;
  const folder = await modelFolder(model, artifacts);
  const options = name === '@xenova/transformers' ? { quantized: precision === 'q8' } : { dtype: precision };
  const environment = {
    allowLocalModels: true,
    allowRemoteModels: false,
    localModelPath: `${dirname(folder)}/`,
    cacheDir: join(derivedRoot(artifacts), 'transformers'),
  };
  // Before the library sees the tokenizer, of which it takes anything.
  const limit = await limitOf(folder, model.model);
  let run: FeatureExtraction;
  let width: number;
  try {
    run = await withEnvironment(
      module.env,
      environment,
      async () => (await module.pipeline('feature-extraction', basename(folder), options)) as FeatureExtraction,
    );
    width = (await run(['a'], { pooling, normalize: normalise })).dims.at(-1)!;
  } catch (cause) {
    throw cannotOpen(model.model, name, cause);
  }
  return {
    identity: JSON.stringify(['transformers/1', await folderDigest(folder, precision), pooling, normalise, precision]),
    runtime: name,
    width,
    limit,
    batch: BATCH,
    embed: async (texts) => Float32Array.from((await run([...texts], { pooling, normalize: normalise })).data),
    dispose: () => void run.dispose().catch(() => {}), // what is left is freed with the process
  };
}

/** How much of a text the encoder reads, by its own tokenizer. @throws HeadstartError `artifact-*`, `checkpoint-invalid` */
export async function transformersLimit(
  model: TransformersModel,
  artifacts: Artifacts,
): Promise<InputLimit | undefined> {
  return limitOf(await modelFolder(model, artifacts), model.model);
}

/** The library cuts texts to the length that the tokenizer's configuration names; where it names none, that is not known here. */
async function limitOf(folder: string, from: string): Promise<InputLimit | undefined> {
  const [tokenizer, config] = await Promise.all(
    ['tokenizer.json', 'tokenizer_config.json'].map((file) =>
      readFile(join(folder, file), 'utf8').catch(() => undefined),
    ),
  );
  if (tokenizer !== undefined) await checkTokenizer(tokenizer, from);
  if (tokenizer === undefined || config === undefined) return undefined;
  const { model_max_length: longest } = parseJson(config, 'tokenizer_config.json', from) as {
    model_max_length?: unknown;
  };
  // Tokenizers without a limit name one of about 10^30.
  if (typeof longest !== 'number' || !(longest >= 1 && longest <= MOST_TOKENS)) return undefined;
  const hint = 'Cut the texts into parts, or choose an encoder that reads them in windows: encoder:…#windows=4.';
  return tokenLimit(new Tokeniser({ tokenizer, config }, { longest: Math.floor(longest) }, from), hint);
}

async function modelFolder({ model, precision }: TransformersModel, artifacts: Artifacts): Promise<string> {
  return (await localFolder(model)) ?? hubFolder(model, hubFiles(precision), artifacts);
}

function networkFile(precision: TransformersModel['precision']): string {
  return `onnx/model${precision === 'q8' ? '_quantized' : ''}.onnx`;
}

const TEXT_FILES = ['tokenizer.json', 'tokenizer_config.json', 'config.json'];

/** Large networks keep their weights beside them. */
function hubFiles(precision: TransformersModel['precision']): HubFile[] {
  const network = networkFile(precision);
  return [
    ...TEXT_FILES.map((file) => ({ name: file })),
    { name: network },
    { name: `${network}_data`, optional: true },
  ];
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
  wanted: TransformersModule['env'],
  work: () => Promise<T>,
): Promise<T> {
  const turn = opening.then(async () => {
    const { localModelPath, allowRemoteModels, allowLocalModels, cacheDir } = env;
    Object.assign(env, wanted);
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
  const network = networkFile(precision);
  const plain = await Promise.all([network, ...TEXT_FILES].map((file) => sha256File(join(folder, file))));
  const beside = await weightFiles(folder, network);
  const further = await Promise.all(beside.map(async (file) => `${file}:${await sha256File(join(folder, file))}`));
  return [...plain, ...further].join(' ');
}

/**
 * Files beside the network that it may keep weights in (`model.onnx_data`, or any name that it was saved with): all but other networks and
 * those that begin with another network's name. Paths in the folder, with `/`.
 */
async function weightFiles(folder: string, network: string): Promise<string[]> {
  const entries = await readdir(dirname(join(folder, network)), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const others = files.filter((file) => file.endsWith('.onnx') && file !== network);
  const isOthers = (file: string) => others.some((other) => file.startsWith(other));
  return files.filter((file) => file !== network && !isOthers(file)).sort();
}

function cannotOpen(model: string, library: string, cause: unknown): HeadstartError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HeadstartError({
    code: 'model-invalid',
    message: `${library} cannot open the encoder ${model}: ${why}`,
    hint: 'It needs config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx (onnx/model_quantized.onnx for precision=q8).',
    cause,
  });
}
