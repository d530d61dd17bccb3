import { HeadstartError } from '@headstart/core';
import { BOTTLENECK, foldedBottleneck, LinearHead, type Backbone, type Head } from '@headstart/core/network';
import { writeNewFolder, type ExportedModel, type Exporter, type PageFile } from '@headstart/core/export';
import { ENCODER_ASSETS, type EncoderBackbone } from '../encoders/encoder-backbone.ts';
import { calibrate, type Magnitudes } from './calibrate.ts';
import { CheckpointWeights, type CheckpointTensor } from './checkpoint-weights.ts';
import { basename, resolve } from 'node:path';
import { encodeOnnx } from './encode-onnx.ts';
import { CLASSIFIER, encoderGraph, type AffineLayer, type Classifier } from './encoder-graph.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { pageOf } from './onnx-page.ts';
import { quantise } from './quantise.ts';
import { transformersConfig, transformersTokenizer, transformersTokenizerConfig } from './transformers-files.ts';

/**
 * `--format onnx`: the folder that transformers.js loads, in either of its packages: `onnx/model.onnx` in single
 * precision, `onnx/model_quantized.onnx` in 8-bit whole numbers, `config.json` with the labels, `tokenizer.json`,
 * `tokenizer_config.json`. A classifier gives `logits`, an encoder without one its tokens' vectors and the text's.
 */
export const onnxExporter: Exporter = {
  format: 'onnx',
  modality: 'text',
  description: 'an ONNX encoder in the layout of transformers.js, in single precision and in 8-bit whole numbers',
  async write(model, directory) {
    const backbone = encoderOf(model.backbone);
    const { config, settings } = backbone.encoder;
    if (settings.windows > 1) throw readsWindows();
    const classifier = await classifierOf(model);
    const weights = new CheckpointWeights(await tensorsOf(backbone));
    const graph = encoderGraph({ config, weights, pooling: settings, classifier });
    const magnitudes = await calibrate(backbone);
    const page = await pageOf(model, { folder: basename(resolve(directory)), classifies: classifier !== undefined });
    return writeNewFolder(
      directory,
      files(graph, { backbone, model, magnitudes, page, classifies: classifier !== undefined }),
    );
  },
};

interface Exported {
  readonly backbone: EncoderBackbone;
  readonly model: ExportedModel;
  readonly magnitudes: Magnitudes;
  readonly classifies: boolean;
  readonly page: readonly PageFile[];
}

/** Made one after another: both graphs at once would hold the weights twice over. */
function* files(
  graph: OnnxGraph,
  { backbone: { assets = {}, encoder }, model, magnitudes, classifies, page }: Exported,
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

/** @throws HeadstartError `not-supported` */
function encoderOf(backbone: Backbone): EncoderBackbone {
  if ('encoder' in backbone) return backbone as EncoderBackbone;
  throw new HeadstartError({
    code: 'not-supported',
    message: `An ONNX folder holds encoders of the BERT family, but this model is built on ${backbone.architecture}.`,
    hint: 'Train on a source such as minilm-l6, or export with --format tfjs where the network is one of TensorFlow.js.',
  });
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
    message: 'The model reads long texts in windows, which transformers.js does not.',
    hint: 'Export a model that was trained without windows=, with a greater length= perhaps.',
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
