import { HeadstartError } from '@headstart/core';
import { BOTTLENECK, foldedBottleneck, LinearHead, type Backbone, type Head } from '@headstart/core/network';
import {
  onnxEncoder,
  onnxExporter as tracedExporter,
  writeNewFolder,
  type ExportedModel,
  type Exporter,
  type OnnxGraph,
  type PageFile,
} from '@headstart/core/export';
import { ENCODER_ASSETS, type EncoderBackbone } from '../encoders/encoder-backbone.ts';
import { calibrate, type Magnitudes } from './calibrate.ts';
import { CheckpointWeights, type CheckpointTensor } from './checkpoint-weights.ts';
import { basename, resolve } from 'node:path';
import { CLASSIFIER, encoderGraph, type AffineLayer, type Classifier } from './encoder-graph.ts';
import { INPUTS, pageOf } from './onnx-page.ts';
import { quantise } from './quantise.ts';
import { withoutPadding } from './without-padding.ts';
import { transformersConfig, transformersTokenizer, transformersTokenizerConfig } from './transformers-files.ts';

/**
 * `--format onnx`: the folder that transformers.js loads, in either of its packages: `onnx/model.onnx` in single
 * precision, `onnx/model_quantized.onnx` in 8-bit whole numbers, `config.json` with the labels, `tokenizer.json`,
 * `tokenizer_config.json`. A classifier gives `logits`, an encoder without one its tokens' vectors and the text's.
 * Networks of texts that are no such encoders are written as any other network.
 */
export const onnxExporter: Exporter = {
  format: 'onnx',
  modality: 'text',
  description: 'an ONNX encoder in the layout of transformers.js, in single precision and in 8-bit whole numbers',
  async write(model, directory) {
    const { backbone } = model;
    if (!isEncoder(backbone)) return tracedExporter.write(model, directory);
    if (backbone.encoder.settings.windows > 1) throw readsWindows();
    const { graph, classifier } = await graphOf(model, backbone);
    const magnitudes = await calibrate(backbone);
    const encodeOnnx = await onnxEncoder();
    const page = await pageOf(model, { folder: basename(resolve(directory)), classifies: classifier !== undefined });
    return writeNewFolder(
      directory,
      files(graph, { backbone, model, encodeOnnx, magnitudes, page, classifies: classifier !== undefined }),
    );
  },
  async network(model) {
    const { backbone } = model;
    if (!isEncoder(backbone)) return tracedExporter.network!(model);
    if (backbone.encoder.settings.windows > 1) throw readsWindows();
    const { graph, classifier } = await graphOf(model, backbone);
    if (!classifier) throw withoutClassifier();
    return { graph, inputs: INPUTS, fitted: withoutPadding };
  },
};

async function graphOf(
  model: ExportedModel,
  backbone: EncoderBackbone,
): Promise<{ graph: OnnxGraph; classifier: Classifier | undefined }> {
  const { config, settings } = backbone.encoder;
  const classifier = await classifierOf(model);
  const weights = new CheckpointWeights(await tensorsOf(backbone));
  return { graph: encoderGraph({ config, weights, pooling: settings, classifier }), classifier };
}

interface Exported {
  readonly backbone: EncoderBackbone;
  readonly model: ExportedModel;
  readonly encodeOnnx: Awaited<ReturnType<typeof onnxEncoder>>;
  readonly magnitudes: Magnitudes;
  readonly classifies: boolean;
  readonly page: readonly PageFile[];
}

/** Made one after another: both graphs at once would hold the weights twice over. */
function* files(
  graph: OnnxGraph,
  { backbone: { assets = {}, encoder }, model, encodeOnnx, magnitudes, classifies, page }: Exported,
): Generator<PageFile> {
  const asset = (name: string) => Buffer.from(assets[name] ?? []).toString('utf8');
  yield ['onnx/model.onnx', encodeOnnx(graph, model.headstart)];
  const keep = (name: string) => name.startsWith(CLASSIFIER);
  yield [
    'onnx/model_quantized.onnx',
    encodeOnnx(
      quantise(graph, { keep, magnitudes: (name) => magnitudes.get(name.replace(/\.weight$/, '')) }),
      model.headstart,
    ),
  ];
  yield ['config.json', transformersConfig(asset(ENCODER_ASSETS.config), classifies ? model : undefined)];
  yield ['tokenizer.json', transformersTokenizer(asset(ENCODER_ASSETS.tokenizer), encoder.settings.prefix)];
  yield ['tokenizer_config.json', transformersTokenizerConfig(asset(ENCODER_ASSETS.tokenizerConfig), encoder)];
  yield* page;
}

function isEncoder(backbone: Backbone): backbone is EncoderBackbone {
  return 'encoder' in backbone;
}

async function tensorsOf({ stages }: Backbone): Promise<ReadonlyMap<string, CheckpointTensor>> {
  const tensors = new Map<string, CheckpointTensor>();
  const ofEncoder = stages.filter(({ name }) => name !== BOTTLENECK);
  for (const { name, value } of ofEncoder.flatMap(({ variables }) => variables)) {
    tensors.set(name, { shape: value.shape, values: await value.data<'float32'>() });
  }
  return tensors;
}

function readsWindows(): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: 'The model reads long texts in windows, which its ONNX graph does not.',
    hint: 'Take a model that was trained without windows=, with a greater length= perhaps.',
  });
}

function withoutClassifier(): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: 'The model has no classifier.',
    hint: 'Let the backend that it was trained on compute its predictions.',
  });
}

/** The head as a linear function, of a bottleneck where there is one; undefined for a head that leaves the text's vector as it is. */
async function classifierOf({ head, task, backbone }: ExportedModel): Promise<Classifier | undefined> {
  if (head.variables.length === 0) return undefined;
  if (head instanceof LinearHead)
    return { bottleneck: await foldedBottleneck(backbone), linear: await foldStandardisation(head) };
  throw new HeadstartError({
    code: 'not-supported',
    message: `The head of the task "${task.id}" cannot be written as ONNX: it is not linear.`,
    hint: 'Export models of text classification or text embedding.',
  });
}

/** `((x - mean) / standardDeviation) kernel + bias` as `x kernel' + bias'`. */
async function foldStandardisation(head: Head): Promise<AffineLayer> {
  const read = async (name: string) =>
    await head.variables.find((variable) => variable.name === name)!.value.data<'float32'>();
  const [mean, standardDeviation, kernel, bias] = await Promise.all(['mean', 'deviation', 'kernel', 'bias'].map(read));
  const classes = bias!.length;
  const folded = kernel!.map((value, i) => value / standardDeviation![Math.floor(i / classes)]!);
  const shifted = bias!.map((value, label) => {
    let sum = value;
    for (let i = 0; i < mean!.length; i++) sum -= mean![i]! * folded[i * classes + label]!;
    return sum;
  });
  return { kernel: folded, bias: shifted };
}
