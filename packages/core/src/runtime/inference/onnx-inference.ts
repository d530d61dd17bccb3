import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { EncodedInputs } from '../../data/encode-batch.ts';
import type { OnnxNetwork } from '../../export/exporter.ts';
import type { HostValues, TensorSpecs } from '../../network/tensors.ts';
import type { Inference } from './inference.ts';
import type { OnnxThread, OnnxValue, OnnxValues } from './onnx-thread.ts';

/** Bytes of a sample's inputs from which a step of several takes as long for each as a step of one: those of pictures. */
const LARGE = 2 ** 16;
/** Samples of a step that are so large. */
const MOST_LARGE = 8;

/** By onnxruntime, which holds weights as its products want them and has functions for one sample that are made for one. */
export class OnnxInference implements Inference {
  readonly most?: number;
  /** The type of each input that the graph has. */
  readonly #types: ReadonlyMap<string, string>;
  /** What the task calls an output that the graph calls otherwise. */
  readonly #names: ReadonlyMap<string, string>;

  /** @param specs of the encoder's inputs */
  constructor(
    private readonly thread: OnnxThread,
    private readonly network: OnnxNetwork,
    private readonly specs: TensorSpecs,
  ) {
    if (bytesOf(specs) >= LARGE) this.most = MOST_LARGE;
    this.#types = new Map(network.graph.inputs.map(({ name, type }) => [name, type]));
    this.#names = new Map(Object.entries(network.outputs ?? {}).map(([own, name]) => [name, own]));
  }

  async run(batch: EncodedInputs): Promise<Record<string, Tensor>> {
    const outputs = await this.thread.run(this.#feeds(batch));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [this.#names.get(name) ?? name, asTensor(value)]),
    );
  }

  #feeds(batch: EncodedInputs): OnnxValues {
    const { inputs, specs = this.specs, size, rows = 1 } = this.network.fitted?.(batch) ?? batch;
    return Object.fromEntries(
      Object.entries(specs).flatMap(([own, { shape }]) => {
        const name = this.network.inputs?.[own] ?? own;
        const type = this.#types.get(name);
        if (type === undefined) return [];
        const values = inputs[own]!;
        const data = type === 'int64' ? widened(values) : values;
        return [[name, { type, data, dims: [size * rows, ...shape] }] as const];
      }),
    );
  }

  dispose(): void {
    this.thread.dispose();
  }
}

function bytesOf(specs: TensorSpecs): number {
  return Object.values(specs).reduce((sum, { shape }) => sum + 4 * shape.reduce((size, n) => size * n, 1), 0);
}

/** Whole numbers of 32 bits as ones of 64. */
function widened(values: HostValues): BigInt64Array {
  const wide = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) wide[i] = BigInt(values[i]!);
  return wide;
}

function asTensor({ data, dims, type }: OnnxValue): Tensor {
  if (type === 'int64') return tensor(Int32Array.from(data as BigInt64Array, Number), [...dims], 'int32');
  return tensor(data as Float32Array | Int32Array, [...dims], type === 'float32' ? 'float32' : 'int32');
}
