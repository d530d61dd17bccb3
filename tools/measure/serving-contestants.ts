import { basename, dirname, join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createArtifacts, createHeadstart, type RankedPrediction } from '@headstart/core';
import nlp, { loadTransformers } from '@headstart/nlp';
import vision from '@headstart/vision';
import sharp from 'sharp';
import { photographs } from '../workspace/photographs.ts';

/** Gives the probability of one label of texts, and the greatest of a picture's. */
export type Ask<Input = string> = (input: Input) => Promise<number>;
type Contestant<Input = string> = (folders: Folders) => Promise<Ask<Input>>;

/** Of the trained model, and of its export. */
export interface Folders {
  readonly model: string;
  readonly onnx: string;
}

const LABEL = 'negative';
const MOST_TOGETHER = 32;

/** Headstart, whose predictions the backend computes, or onnxruntime. */
const headstart =
  (inference: 'backend' | 'onnxruntime'): Contestant<string | Uint8Array> =>
  async ({ model }) => {
    const system = await createHeadstart({ backend: await openBackend(), plugins: [nlp(), vision()] });
    const loaded = await system.load<RankedPrediction>(model, { inference });
    return async (input) => {
      const [{ top }] = (await loaded.predict([input])) as [RankedPrediction];
      return (top.find(({ label }) => label === LABEL) ?? top[0]!).probability;
    };
  };

const transformers: Contestant = async ({ onnx }) => {
  const { module } = await loadTransformers(['@huggingface/transformers']);
  module.env.allowRemoteModels = false;
  module.env.localModelPath = `${dirname(onnx)}/`;
  const { pipeline } = module as unknown as {
    pipeline: (
      task: string,
      model: string,
      options: object,
    ) => Promise<(text: string, options: object) => Promise<never>>;
  };
  const classify = await pipeline('text-classification', basename(onnx), { dtype: 'fp32' });
  return async (text) => {
    const said: { label: string; score: number }[] = await classify(text, { top_k: null });
    return said.find(({ label }) => label === LABEL)!.score;
  };
};

interface Session {
  readonly outputNames: readonly string[];
  run(inputs: Record<string, unknown>): Promise<Record<string, { data: Float32Array; dims: readonly number[] }>>;
}

/** Of some texts the probability of the first label, in one run of the network. */
async function onnxruntime({ onnx }: Folders): Promise<(texts: string[]) => Promise<number[]>> {
  const [{ module }, { InferenceSession, Tensor }] = await Promise.all([
    loadTransformers(['@huggingface/transformers']),
    import('onnxruntime-node') as Promise<{
      InferenceSession: { create(path: string): Promise<Session> };
      Tensor: new (type: string, data: BigInt64Array, dims: readonly number[]) => unknown;
    }>,
  ]);
  module.env.allowRemoteModels = false;
  module.env.localModelPath = `${dirname(onnx)}/`;
  const { AutoTokenizer, AutoConfig } = module as unknown as {
    AutoTokenizer: {
      from_pretrained(
        name: string,
      ): Promise<
        (texts: string[], options: object) => Record<string, { data: BigInt64Array; dims: readonly number[] }>
      >;
    };
    AutoConfig: { from_pretrained(name: string): Promise<{ id2label: Record<string, string> }> };
  };
  const tokenize = await AutoTokenizer.from_pretrained(basename(onnx));
  const { id2label } = await AutoConfig.from_pretrained(basename(onnx));
  const place = Number(Object.entries(id2label).find(([, label]) => label === LABEL)![0]);
  const session = await InferenceSession.create(join(onnx, 'onnx', 'model.onnx'));
  return async (texts) => {
    const encoded = tokenize(texts, { padding: true, truncation: true });
    const inputs = Object.fromEntries(
      Object.entries(encoded).map(([name, { data, dims }]) => [name, new Tensor('int64', data, dims)]),
    );
    return probabilities((await session.run(inputs))[session.outputNames[0]!]!, place);
  };
}

function probabilities({ data, dims }: { data: Float32Array; dims: readonly number[] }, place?: number): number[] {
  const [rows, classes] = dims as [number, number];
  return Array.from({ length: rows }, (_, i) => {
    const exponents = Array.from(data.subarray(i * classes, (i + 1) * classes), Math.exp);
    return (
      (place === undefined ? Math.max(...exponents) : exponents[place]!) /
      exponents.reduce((sum, each) => sum + each, 0)
    );
  });
}

/** Of some photographs, prepared by Headstart's encoder, the greatest probability, in one run of the network. */
async function onnxruntimeOfPictures({ model, onnx }: Folders): Promise<(pictures: Uint8Array[]) => Promise<number[]>> {
  const { InferenceSession, Tensor } = (await import('onnxruntime-node')) as never as {
    InferenceSession: { create(path: string): Promise<Session> };
    Tensor: new (type: string, data: Float32Array, dims: readonly number[]) => unknown;
  };
  const system = await createHeadstart({ backend: await openBackend(), plugins: [nlp(), vision()] });
  const encoder = await system.load(model);
  const session = await InferenceSession.create(join(onnx, 'model.onnx'));
  return async (pictures) => {
    const encoded = await Promise.all(
      pictures.map(async (picture) => (await encoder.prepare(picture)).encoded['image']!),
    );
    const all = new Float32Array(encoded.length * encoded[0]!.length);
    encoded.forEach((values, i) => all.set(values, i * values.length));
    const side = Math.sqrt(encoded[0]!.length / 3);
    const inputs = { image: new Tensor('float32', all, [encoded.length, side, side, 3]) };
    return probabilities((await session.run(inputs))['logits']!);
  };
}

type Classify<Input> = (folders: Folders) => Promise<(inputs: Input[]) => Promise<number[]>>;

const alone =
  <Input>(open: Classify<Input>): Contestant<Input> =>
  async (folders) => {
    const classify = await open(folders);
    return async (input) => (await classify([input]))[0]!;
  };

/** What an expert adds: those who ask while the network runs wait, and are answered together. */
const gathered =
  <Input>(open: Classify<Input>): Contestant<Input> =>
  async (folders) => {
    const classify = await open(folders);
    let waiting: { input: Input; answer: (probability: number) => void; fail: (why: unknown) => void }[] = [];
    let running = false;
    const work = async () => {
      running = true;
      while (waiting.length > 0) {
        const together = waiting.slice(0, MOST_TOGETHER);
        waiting = waiting.slice(MOST_TOGETHER);
        try {
          const answers = await classify(together.map(({ input }) => input));
          together.forEach(({ answer }, i) => answer(answers[i]!));
        } catch (why) {
          for (const { fail } of together) fail(why);
        }
      }
      running = false;
    };
    return (input) =>
      new Promise((answer, fail) => {
        waiting.push({ input, answer, fail });
        if (!running) setImmediate(() => void (running || work()));
      });
  };

const OURS = { headstart: headstart('backend'), 'headstart, onnxruntime': headstart('onnxruntime') };

const ofTexts: Readonly<Record<string, Contestant>> = {
  ...OURS,
  'transformers.js': transformers,
  'onnxruntime-node': alone(onnxruntime),
  'onnxruntime-node, gathered': gathered(onnxruntime),
};
const ofPictures: Readonly<Record<string, Contestant<Uint8Array>>> = {
  ...OURS,
  'onnxruntime-node': alone(onnxruntimeOfPictures),
  'onnxruntime-node, gathered': gathered(onnxruntimeOfPictures),
};

/** The names of those who answer for a kind. */
export const contestantsOf = (kind: Kind): string[] => Object.keys(kind === 'texts' ? ofTexts : ofPictures);

/** What is asked about. */
export const KINDS = ['texts', 'pictures'] as const;
export type Kind = (typeof KINDS)[number];

/** Asks a contestant by the number of the question. */
export async function asking(kind: Kind, name: string, folders: Folders): Promise<Ask<number>> {
  if (kind === 'texts') {
    const ask = await ofTexts[name]!(folders);
    return (i) => ask(textOf(i));
  }
  const [ask, pictures] = await Promise.all([ofPictures[name]!(folders), photographBytes()]);
  return (i) => ask(pictures[i % pictures.length]!);
}

/** Photographs as a camera or a page has them, 640 by 480. */
async function photographBytes(): Promise<Uint8Array[]> {
  const files = await photographs(createArtifacts());
  return Promise.all(files.map((file) => sharp(file).resize(640, 480, { fit: 'fill' }).jpeg().toBuffer()));
}

/** Texts of 2 to 30 words, no two alike in a row. */
function textOf(i: number): string {
  const words = 'the sound of this phone was great but its battery broke after a week'.split(' ');
  return Array.from({ length: 2 + ((7 * i) % 29) }, (_, j) => words[(3 * i + 5 * j) % words.length]!).join(' ');
}
