import { readRegular } from '@headstart/artifacts/storage';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { HeadstartError, type Artifacts } from '@headstart/core';
import { nestedDeeper, shown, storageError } from '@headstart/artifacts/errors';
import { z } from 'zod';

/** A TensorFlow.js model on the host, as `model.json` and its shards hold it. */
export interface ModelFiles {
  readonly format: 'layers-model' | 'graph-model';
  readonly topology: object;
  readonly signature?: object;
  readonly weightSpecs: io.WeightsManifestEntry[];
  readonly weightData: ArrayBuffer;
  /** Shapes of the variables, where the values are kept elsewhere (a saved model's graph). */
  readonly variables?: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

const modelJson = z.looseObject({
  format: z.string().nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  signature: z.record(z.string(), z.unknown()).nullish(),
  headstart: z
    .object({ variables: z.array(z.object({ name: z.string(), shape: z.array(z.number().int().nonnegative()) })) })
    .nullish(),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.looseObject({ name: z.string(), shape: z.array(z.number().int().nonnegative()), dtype: z.string() }),
      ),
    }),
  ),
});

/** How deep a model.json may be nested: a network within others is a dozen deep. */
const DEEPEST = 128;
/** The most elements that a weight may have. */
const MOST_ELEMENTS = 2 ** 31;

/** Files beside one another, wherever they are. */
export interface ModelFolder {
  readonly description: string;
  read(name: string): Promise<Uint8Array>;
}

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
  complex64: 8,
};

/**
 * Reads a `model.json`, or the one in a folder, with the shards of weights that it names.
 *
 * @param location path, or address that `artifacts` can fetch
 * @throws HeadstartError `artifact-*`, `model-invalid`, `storage-*`
 */
export async function readModelFiles(location: string, artifacts: Artifacts): Promise<ModelFiles> {
  const { folder, name } = /^[a-z][a-z0-9+.-]+:/i.test(location) ? remote(location, artifacts) : await local(location);
  return parseModelFiles(folder, name);
}

/** Reads `name` as a `model.json` with the shards beside it. @throws HeadstartError as `readModelFiles` */
export async function parseModelFiles(folder: ModelFolder, name: string): Promise<ModelFiles> {
  const path = `${folder.description}/${name}`;
  const json = parseJson(path, await folder.read(name));
  if (nestedDeeper(json, DEEPEST)) throw invalid(path, `is nested more than ${DEEPEST} deep`);
  const parsed = modelJson.safeParse(json);
  if (!parsed.success) {
    throw invalid(
      path,
      `is not a TensorFlow.js model: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      parsed.error,
    );
  }
  const { modelTopology, signature, weightsManifest, headstart } = parsed.data;
  const shards: Uint8Array[] = [];
  for (const shard of weightsManifest.flatMap(({ paths }) => paths)) {
    if (/^([/\\]|[a-z]+:)/i.test(shard) || shard.split(/[/\\]/).includes('..')) {
      throw invalid(path, `names the shard "${shard}", which lies outside its folder`);
    }
    shards.push(await folder.read(shard));
  }
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights) as unknown as io.WeightsManifestEntry[];
  const named = new Set<string>();
  for (const { name: weight } of weightSpecs) {
    if (named.has(weight)) throw invalid(path, `holds the weight "${weight}" twice`);
    named.add(weight);
  }
  const weights = Buffer.concat(shards);
  const expected = weightSpecs.reduce((sum, spec) => sum + byteLength(path, spec), 0);
  if (weights.length !== expected) {
    throw invalid(
      path,
      `describes ${expected} bytes of weights where its shards hold ${weights.length}: a shard is incomplete or belongs to another model`,
    );
  }
  return {
    format: formatOf(path, parsed.data.format, modelTopology),
    topology: modelTopology,
    signature: signature ?? undefined,
    weightSpecs,
    weightData: new Uint8Array(weights).buffer,
    variables: headstart?.variables,
  };
}

function byteLength(path: string, { name, shape, dtype, quantization }: io.WeightsManifestEntry): number {
  const bytes = BYTES[quantization?.dtype ?? dtype];
  if (bytes === undefined) throw invalid(path, `holds the weight "${name}" of type ${dtype}, which is not numeric`);
  const size = shape.reduce((product, n) => product * n, bytes);
  if (size <= MOST_ELEMENTS * bytes) return size;
  throw invalid(path, `holds the weight "${name}" of the shape ${shown(shape)}, which no file has`);
}

function formatOf(
  path: string,
  format: string | null | undefined,
  topology: Record<string, unknown>,
): ModelFiles['format'] {
  if (format === 'layers-model' || 'model_config' in topology || 'class_name' in topology) return 'layers-model';
  if (format === 'graph-model' || Array.isArray(topology['node'])) return 'graph-model';
  throw invalid(path, 'holds neither a LayersModel nor a GraphModel');
}

async function local(location: string): Promise<{ folder: ModelFolder; name: string }> {
  const path = (await isFolder(location)) ? join(location, 'model.json') : location;
  const directory = dirname(path);
  const read = async (name: string): Promise<Buffer> => {
    const file = join(directory, name);
    try {
      return await readRegular(file);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw storageError('read', file, cause);
      throw new HeadstartError({
        code: 'artifact-not-found',
        message: `There is no file ${file}.`,
        hint: 'Name a model.json or its folder; the shards of weights that it lists must lie beside it.',
        cause,
      });
    }
  };
  return { folder: { description: directory, read }, name: basename(path) };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // reading it as a file tells what is wrong
  }
}

function remote(location: string, artifacts: Artifacts): { folder: ModelFolder; name: string } {
  const address = /\.json$/i.test(location) ? location : `${location.replace(/\/$/, '')}/model.json`;
  const slash = address.lastIndexOf('/');
  const directory = address.slice(0, slash);
  const read = async (name: string) => readFile((await artifacts.file({ uri: `${directory}/${name}` })).path);
  return { folder: { description: directory, read }, name: address.slice(slash + 1) };
}

function parseJson(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw invalid(path, 'is not JSON', cause);
  }
}

function invalid(path: string, what: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'model-invalid',
    message: `${path} ${what}.`,
    hint: 'Give a model.json as tensorflowjs_converter or model.save() writes it, with all of its shards.',
    cause,
  });
}
