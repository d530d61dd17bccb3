import { HeadstartError, type Encoder, type EncoderOptions, type View } from '@headstart/core';
import type { HostTensors, TensorSpecs } from '@headstart/core/network';
import { fitLength, soundOf, type AudioSample } from '../clips/audio-sample.ts';
import { LogMel, type LogMelSettings } from '../features/log-mel.ts';
import { alterSound, maskSpectrogram } from './augment.ts';

/** The name of the target: a distribution over the classes, `[classes]`. */
export const LABEL = 'label';

/** Turns recordings into spectrograms `[frames, mels, 1]`, and labels into one-hot distributions. */
export class AudioEncoder implements Encoder<AudioSample> {
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  readonly #settings: LogMelSettings;
  readonly #logMel: LogMel;
  readonly #classes: number;
  readonly #masks: boolean;

  constructor({ backbone, labels, augmentation }: EncoderOptions) {
    if (!backbone.input.tensors['spectrogram']) {
      throw new HeadstartError({
        code: 'not-supported',
        message: `${backbone.architecture} does not take spectrograms.`,
        hint: 'Choose a source of the modality "audio": `headstart sources` lists them.',
      });
    }
    this.#settings = backbone.input.preprocessing as LogMelSettings;
    this.#logMel = new LogMel(this.#settings);
    this.#classes = labels.length;
    this.#masks = augmentation === 'specaugment';
    this.inputs = backbone.input.tensors;
    this.targets = { [LABEL]: { shape: [labels.length], dtype: 'float32' } };
    this.key = JSON.stringify(['log-mel/1', this.#settings]);
  }

  async encode(sample: AudioSample, view: View): Promise<HostTensors> {
    const { rate, length } = this.#settings;
    const clip = fitLength(await soundOf(sample, rate), length);
    if (view.kind === 'plain') return { spectrogram: this.#logMel.spectrogram(clip) };
    const random = view.random.child('audio');
    const spectrogram = this.#logMel.spectrogram(alterSound(clip, rate, random));
    return { spectrogram: this.#masks ? maskSpectrogram(spectrogram, this.#settings, random) : spectrogram };
  }

  target({ id, label }: AudioSample): HostTensors {
    if (label === undefined || label >= this.#classes) {
      throw new HeadstartError({
        code: 'label-invalid',
        message: `${id} has ${label === undefined ? 'no label' : `the label ${label} of ${this.#classes}`}.`,
        hint: 'Only labelled recordings can be learned from or evaluated on.',
      });
    }
    return { [LABEL]: Float32Array.from({ length: this.#classes }, (_, i) => (i === label ? 1 : 0)) };
  }
}
