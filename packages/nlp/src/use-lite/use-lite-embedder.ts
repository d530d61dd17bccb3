import { HeadstartError, type LocalPackage } from '@headstart/core';
import { dispose, tensor1d, tensor2d, type io, type Tensor } from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputLimit } from '@headstart/core/readers';
import type { HostEmbedder } from '../frozen/host-embedder.ts';
import type { GraphModel } from '../vendor/tfjs-converter.ts';
import { UnigramPieces, type PieceVocabulary } from './unigram-pieces.ts';

const WIDTH = 512;
const BATCH = 32;
/** Texts are cut to this many pieces: attention's cost grows with their square. */
const MOST_PIECES = 512;
const CHARACTERS_PER_PIECE = 16;
const RESERVED = 6;

/**
 * Universal Sentence Encoder lite (Cer et al., 2018): a TensorFlow.js graph that decides on shapes while it runs, which
 * no recorded step can hold; so it runs beside the steps, on the same backend. A text without a piece has zeros.
 *
 * @throws HeadstartError `model-invalid`
 */
export async function useLiteEmbedder({ path, archiveSha256 }: LocalPackage): Promise<HostEmbedder> {
  const pieces = await readPieces(path);
  // What other sources do without is imported here.
  const { loadGraphModel } = await import('../vendor/tfjs-converter.ts');
  const model = await loadGraphModel({ load: () => readArtifacts(join(path, 'dist')) }).catch((cause: unknown) => {
    throw cannotOpen(path, cause);
  });
  return {
    identity: JSON.stringify(['use-lite/1', archiveSha256]),
    runtime: 'tfjs',
    width: WIDTH,
    limit: limitOf(pieces),
    batch: BATCH,
    embed: (texts) =>
      embed(
        model,
        texts.map((text) => pieces.encode(text.slice(0, CHARACTERS_PER_PIECE * MOST_PIECES)).slice(0, MOST_PIECES)),
      ),
    dispose: () => model.dispose(),
  };
}

/** How much of a text the encoder reads. @throws HeadstartError `model-invalid` */
export async function useLiteLimit({ path }: LocalPackage): Promise<InputLimit> {
  return limitOf(await readPieces(path));
}

function limitOf(pieces: UnigramPieces): InputLimit {
  return {
    most: MOST_PIECES,
    unit: 'pieces',
    exceeds: (texts) =>
      texts.some(
        (text) => text.length > CHARACTERS_PER_PIECE * MOST_PIECES || pieces.encode(text).length > MOST_PIECES,
      ),
  };
}

async function readPieces(path: string): Promise<UnigramPieces> {
  try {
    const vocabulary = JSON.parse(await readFile(join(path, 'dist/vocab.json'), 'utf8')) as PieceVocabulary;
    return new UnigramPieces(vocabulary, RESERVED);
  } catch (cause) {
    throw cannotOpen(path, cause);
  }
}

function cannotOpen(path: string, cause: unknown): HeadstartError {
  return new HeadstartError({
    code: 'model-invalid',
    message: `The Universal Sentence Encoder in ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Remove the folder, so that it is fetched again.',
    cause,
  });
}

async function readArtifacts(folder: string): Promise<io.ModelArtifacts> {
  const json = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as io.ModelJSON;
  const shards = await Promise.all(
    json.weightsManifest.flatMap(({ paths }) => paths).map((name) => readFile(join(folder, name))),
  );
  const bytes = Buffer.concat(shards);
  return {
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  };
}

/** The graph takes all texts' pieces as one list, with the text and the place of each. */
async function embed(model: GraphModel, texts: readonly (readonly number[])[]): Promise<Float32Array> {
  const filled = texts.flatMap((pieces, i) => (pieces.length > 0 ? [i] : []));
  const result = new Float32Array(texts.length * WIDTH);
  if (filled.length === 0) return result;
  const places = filled.flatMap((text, row) => texts[text]!.flatMap((_, place) => [row, place]));
  const inputs = {
    indices: tensor2d(places, [places.length / 2, 2], 'int32'),
    values: tensor1d(
      filled.flatMap((text) => texts[text]!),
      'int32',
    ),
  };
  let vectors: Tensor | undefined;
  try {
    vectors = (await model.executeAsync(inputs)) as Tensor;
    const values = await vectors.data<'float32'>();
    filled.forEach((text, row) => result.set(values.subarray(row * WIDTH, (row + 1) * WIDTH), text * WIDTH));
    return result;
  } finally {
    dispose([inputs, ...(vectors ? [vectors] : [])]);
  }
}
