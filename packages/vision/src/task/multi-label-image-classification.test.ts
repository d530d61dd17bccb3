import type { TargetData } from '@headstart/core';
import { describe, expect, it } from 'vitest';
import type { ImageSample } from '../images/image-sample.ts';
import { imageInput } from '../sources/image-input.ts';
import { imageClassification } from './image-classification.ts';
import { multiLabelImageClassification } from './multi-label-image-classification.ts';

const labels = ['cat', 'dog', 'fox'];
const task = multiLabelImageClassification();

function sample(truth: Partial<ImageSample>): ImageSample {
  return { id: 'a.png', digest: '', image: { kind: 'file', path: 'a.png' }, ...truth };
}

function data(...truths: Partial<ImageSample>[]): TargetData<ImageSample> {
  const samples = truths.map((truth) => ({ sample: sample(truth) }));
  return { id: 'pictures', modality: 'image', reader: 'none', labels, samples, skipped: [] };
}

const backbone = {
  architecture: 'test',
  input: imageInput({
    height: 8,
    width: 8,
    channels: 3,
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
    interpolation: 'bilinear',
    crop: 'center',
    cropFraction: 1,
    layout: 'NHWC',
  }),
  stages: [],
  features: [],
  dispose() {},
};

describe('several labels per picture', () => {
  it('are learned where samples carry lists of labels', () => {
    const asked = imageClassification();
    expect(asked.variant!(data({ label: 0 }, { label: 1 }))).toBe('image-classification');
    expect(asked.variant!(data({ labels: [0] }, { labels: [] }))).toBe(task.id);
  });

  it('are a 1 each in the target', () => {
    const encoder = task.encoder({ backbone, labels, augmentation: 'none' });
    expect(encoder.targets).toEqual({ label: { shape: [3], dtype: 'float32' } });
    const target = (truth: Partial<ImageSample>) => encoder.target(sample(truth), { kind: 'plain' });
    expect(target({ labels: [0, 2] })).toEqual({ label: Float32Array.of(1, 0, 1) });
    expect(target({ labels: [] })).toEqual({ label: new Float32Array(3) });
    expect(() => target({})).toThrow(expect.objectContaining({ code: 'label-invalid' }));
  });

  it('are shown in a page by the sigmoid of each logit from one half on', async () => {
    const encoder = task.encoder({ backbone, labels, augmentation: 'none' });
    expect(await task.page!({ backbone, labels, encoder })).toMatchObject({
      accepts: 'picture',
      output: { kind: 'classes', tensors: ['logits'], activation: 'sigmoid' },
    });
  });
});
