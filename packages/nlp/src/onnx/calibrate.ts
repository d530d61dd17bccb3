import { RandomStream } from '@headstart/core';
import { runStages, type Tensors } from '@headstart/core/network';
import { abs, keep, max, ones, tensor2d, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import type { EncoderBackbone } from '../encoders/encoder-backbone.ts';

/** Enough to meet the numbers that stand out: they do so in nearly every text. */
const TEXTS = 16;
const TOKENS = 32;

/** The largest magnitude of each number that the products of a layer take in, by the layer's name. */
export type Magnitudes = ReadonlyMap<string, Float32Array>;

/**
 * What an encoder's products take in on texts of tokens drawn at random, between those that begin and end a text. A few
 * numbers inside encoders of the BERT family are ten times as large as the others, whatever a text says
 * (Kovaleva et al., 2021, "BERT Busters: Outlier Dimensions that Disrupt Transformers"); random tokens show which.
 */
export async function calibrate(backbone: EncoderBackbone): Promise<Magnitudes> {
  const observed = new Map<string, Tensor>();
  const texts = await randomTexts(backbone);
  const shape: [number, number] = [TEXTS, texts.length / TEXTS];
  tidy(() => {
    const observe = (layer: string, x: Tensor) => void observed.set(layer, keep(max(abs(x), 0)));
    const inputs: Tensors = {
      ids: tensor2d(texts, shape, 'int32'),
      mask: ones(shape, 'int32'),
      ...('types' in backbone.input.tensors && { types: zeros(shape, 'int32') }),
    };
    runStages(backbone.stages, inputs, { training: false, observe });
  });
  const magnitudes = new Map<string, Float32Array>();
  for (const [layer, value] of observed) {
    magnitudes.set(layer, await value.data<'float32'>());
    value.dispose();
  }
  return magnitudes;
}

/** Numbers of tokens, row by row: `[TEXTS, length]`. */
async function randomTexts({ texts, encoder: { config, settings } }: EncoderBackbone): Promise<Int32Array> {
  const { ids, mask } = await texts.encode({ text: '' });
  const ends = ids!.subarray(0, mask!.indexOf(0) === -1 ? undefined : mask!.indexOf(0));
  const length = Math.min(TOKENS, settings.length);
  const random = new RandomStream('calibration');
  const values = Int32Array.from({ length: TEXTS * length }, () => Math.floor(random.next() * config.vocabulary));
  for (let from = 0; from < values.length; from += length) {
    if (ends.length > 0) values[from] = ends[0]!;
    if (ends.length > 1) values[from + length - 1] = ends.at(-1)!;
  }
  return values;
}
