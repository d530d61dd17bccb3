interface Vectors {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** What comes of the network's vectors; `output` of headstart.json. */
interface VectorsOutput {
  readonly tensors: readonly [vectors: string];
  /** `vector`: the first row itself; `cosine`: how alike the first two rows are. */
  readonly gives: 'vector' | 'cosine';
}

/** Vectors of texts, or how alike two are, as the tasks decode them in Node; see `OpenOutput` of predict.d.ts. */
export default function openVectors({ settings }: { settings: VectorsOutput }) {
  return (outputs: Readonly<Record<string, Vectors>>) => {
    const { data, shape } = outputs[settings.tensors[0]]!;
    const width = shape[1]!;
    const [first, second] = [data.subarray(0, width), data.subarray(width, 2 * width)];
    return settings.gives === 'vector' ? { embedding: [...first] } : { similarity: cosine(first, second) };
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  a.forEach((value, i) => {
    product += value * b[i]!;
    ofA += value * value;
    ofB += b[i]! * b[i]!;
  });
  return product / Math.sqrt((ofA + 1e-12) * (ofB + 1e-12));
}
