import type { LoadOptions, PageCard, PageTensors } from './contract.ts';
import { fetchFile } from './page-files.ts';
import { PageFailure, reasonOf } from './page-error.ts';
import type { RunningModel } from './running-model.ts';

/** Of TensorFlow.js what is used here. */
interface TensorFlow {
  ready(): Promise<void>;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  env(): { getBool(flag: string): boolean };
  tensor(data: Float32Array | Int32Array, shape: readonly number[], dtype: string): TfTensor;
  dispose(tensors: readonly TfTensor[]): void;
  loadGraphModel(url: string): Promise<TfModel>;
}
interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<Float32Array | Int32Array>;
}
interface TfModel {
  readonly inputs: readonly { readonly name: string; readonly shape?: readonly number[]; readonly dtype: string }[];
  execute(inputs: Readonly<Record<string, TfTensor>>, outputs: string[]): TfTensor | TfTensor[];
  dispose(): void;
}

/** The fastest first. */
const BACKENDS = ['webgl', 'wasm', 'cpu'] as const;

/**
 * A graph model, on the best backend that works here: one on which it has run once.
 * @throws PageError `file-missing`, `runtime-failed`
 */
export async function tensorflowModel(
  library: object,
  { model: described, output }: PageCard,
  folder: URL,
  { backend: wanted, model: path = described!.path }: LoadOptions,
): Promise<RunningModel> {
  const tf = library as TensorFlow;
  const url = new URL(path, folder);
  await fetchFile(url);
  let failure: unknown;
  for (const name of wanted ? [wanted] : BACKENDS) {
    try {
      if (!(await tf.setBackend(name))) continue;
      await tf.ready();
      // Half-precision textures would change what is predicted.
      if (!wanted && name === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) continue;
      const graph = await tf.loadGraphModel(url.href);
      await tryOut(tf, graph, output.tensors);
      return {
        backend: tf.getBackend(),
        run: (inputs) => run(tf, graph, inputs, described?.inputs ?? {}, output.tensors),
        dispose: () => graph.dispose(),
      };
    } catch (cause) {
      failure = cause;
    }
  }
  throw new PageFailure({
    code: 'runtime-failed',
    message: `TensorFlow.js cannot run ${url.href} on ${wanted ?? BACKENDS.join(', ')}: ${reasonOf(failure ?? 'none of these can be used here')}.`,
    hint: 'Serve all files of the exported folder, those in runtime/ too, and try a current browser.',
    cause: failure,
  });
}

/** Runs a model once on zeros: a backend that lacks an operation says so here, and one that compiles has compiled. */
async function tryOut(tf: TensorFlow, graph: TfModel, wanted: readonly string[]): Promise<void> {
  const blank = graph.inputs.map(({ name, shape = [], dtype }) => {
    const sizes = shape.map((size) => Math.max(1, size));
    const count = sizes.reduce((product, size) => product * size, 1);
    const data = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
    return [name, { data, shape: sizes }] as const;
  });
  await run(tf, graph, Object.fromEntries(blank), {}, wanted);
}

async function run(
  tf: TensorFlow,
  graph: TfModel,
  inputs: PageTensors,
  names: Readonly<Record<string, string>>,
  wanted: readonly string[],
): Promise<PageTensors> {
  const given = Object.entries(inputs).map(([name, { data, shape }]): [string, TfTensor] => [
    names[name] ?? name,
    tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32'),
  ]);
  let outputs: TfTensor[] = [];
  try {
    outputs = [graph.execute(Object.fromEntries(given), [...wanted])].flat();
    const read = outputs.map(
      async (tensor, i) => [wanted[i]!, { data: await tensor.data(), shape: tensor.shape }] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  } finally {
    tf.dispose([...given.map(([, tensor]) => tensor), ...outputs]);
  }
}
