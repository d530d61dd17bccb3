import { decodeClasses, type ClassesOutput } from './classes-output.ts';
import type {
  load as Load,
  LoadOptions,
  OpenInput,
  OpenOutput,
  PageCard,
  PageInput,
  PageModel,
  PageSample,
  PageTensors,
} from './contract.ts';
import { onnxModel } from './onnx-model.ts';
import { fetchCard, fetchFile } from './page-files.ts';
import { PageFailure, reasonOf } from './page-error.ts';
import { encodePicture, type PictureInput } from './picture-input.ts';
import type { RunningModel } from './running-model.ts';
import { tensorflowModel } from './tensorflow-model.ts';

/** Loads the model that lies beside this script. */
export const load: typeof Load = async <Prediction>(options: LoadOptions = {}): Promise<PageModel<Prediction>> => {
  const url = new URL(options.card ?? 'headstart.json', import.meta.url);
  const folder = new URL('.', url);
  const card = await fetchCard(url);
  const [encode, decode] = await Promise.all([openInput(card, folder), openOutput(card, folder)]);
  const model = await openModel(card, folder, options);
  return {
    card,
    labels: card.labels,
    backend: model.backend,
    async predict(input) {
      const { tensors, sample } = await encode(input);
      return decode(await compute(model, tensors), sample) as Prediction;
    },
    dispose: () => model.dispose(),
  };
};

type Encode = (input: PageInput) => Promise<{ tensors: PageTensors; sample: PageSample }>;
type Decode = (outputs: PageTensors, sample: PageSample) => unknown;

async function openInput({ input }: PageCard, folder: URL): Promise<Encode> {
  if (input.kind === 'picture') return (given) => encodePicture(given, input as unknown as PictureInput);
  const open = await openModule<OpenInput>(input, folder, 'input');
  const encode = await open({ settings: input, file: (name) => fetchFile(new URL(name, folder)) });
  return async (given) => ({ tensors: await readInput(encode, given), sample: {} });
}

async function readInput(encode: Awaited<ReturnType<OpenInput>>, given: PageInput): Promise<PageTensors> {
  try {
    return await encode(given);
  } catch (cause) {
    throw new PageFailure({
      code: 'input-unreadable',
      message: `${reasonOf(cause)}.`,
      hint: (cause as Partial<PageFailure>).hint ?? 'Give what the model was trained on.',
      cause,
    });
  }
}

async function openOutput({ output, labels }: PageCard, folder: URL): Promise<Decode> {
  if (output.kind === 'classes') return (outputs) => decodeClasses(outputs, output as unknown as ClassesOutput, labels);
  const open = await openModule<OpenOutput>(output, folder, 'output');
  return open({ settings: output, labels });
}

/** @throws PageError `card-invalid`, `file-missing` */
async function openModule<T>(part: PageCard['input'], folder: URL, name: string): Promise<T> {
  const path = part['module'];
  if (part.kind !== 'module' || typeof path !== 'string') {
    throw new PageFailure({
      code: 'card-invalid',
      message: `The ${name} in headstart.json is of the kind "${part.kind}", which this page does not know.`,
      hint: 'Take predict.js and headstart.json from one export.',
    });
  }
  const url = new URL(path, folder);
  await fetchFile(url);
  return ((await import(url.href)) as { default: T }).default;
}

const RUNTIMES = {
  tfjs: { file: 'runtime/tensorflow.js', open: tensorflowModel, name: '@tensorflow/tfjs' },
  onnx: { file: 'runtime/ort.wasm.bundle.min.mjs', open: onnxModel, name: 'onnxruntime-web' },
} as const;

/** @throws PageError `card-invalid`, `file-missing`, `runtime-missing`, `runtime-failed` */
async function openModel(card: PageCard, folder: URL, options: LoadOptions): Promise<RunningModel> {
  const kind = card.model && RUNTIMES[card.model.runtime];
  if (!kind) {
    throw new PageFailure({
      code: 'card-invalid',
      message: 'headstart.json names no model that this page can run.',
      hint: 'Take predict.js and headstart.json from one export.',
    });
  }
  return kind.open(
    options.runtime ?? (await loadRuntime(new URL(kind.file, folder), kind.name)),
    card,
    folder,
    options,
  );
}

async function loadRuntime(url: URL, name: string): Promise<object> {
  try {
    return (await import(url.href)) as object;
  } catch (cause) {
    throw new PageFailure({
      code: 'runtime-missing',
      message: `The runtime library ${url.href} cannot be loaded: ${reasonOf(cause)}.`,
      hint: `Serve the folder runtime/ beside headstart.json (README.md there says what belongs in it), or hand over a library: load({ runtime: await import('${name}') }).`,
      cause,
    });
  }
}

async function compute(model: RunningModel, tensors: PageTensors): Promise<PageTensors> {
  try {
    return await model.run(tensors);
  } catch (cause) {
    throw new PageFailure({
      code: 'model-failed',
      message: `The model failed on ${model.backend}: ${reasonOf(cause)}.`,
      hint: "Try another backend: load({ backend: 'wasm' }) or load({ backend: 'cpu' }).",
      cause,
    });
  }
}
