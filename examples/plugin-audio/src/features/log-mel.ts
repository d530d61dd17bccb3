import { melFilters } from './mel-filters.ts';
import { PowerSpectrum } from './power-spectrum.ts';

/** How a second of sound becomes a spectrogram. Plain JSON: it is the network's `preprocessing`. */
export interface LogMelSettings {
  /** Samples per second. */
  readonly rate: number;
  /** Samples that a spectrogram is made of. */
  readonly length: number;
  /** Samples per frame, a power of two, and from one frame to the next. */
  readonly window: number;
  readonly hop: number;
  readonly mels: number;
  /** Hertz. */
  readonly lowest: number;
  readonly highest: number;
  /** Decibels below the loudest cell at which the rest is cut off. */
  readonly range: number;
}

export const SETTINGS: LogMelSettings = {
  rate: 16_000,
  length: 16_000,
  window: 512,
  hop: 320,
  mels: 40,
  lowest: 20,
  highest: 7600,
  range: 60,
};

/** A clip whose loudest cell has less power than this is quiet, and stays so. */
const QUIET = 1e-3;

export const framesOf = ({ length, window, hop }: LogMelSettings): number => 1 + Math.floor((length - window) / hop);

/** Makes log-mel spectrograms `[frames, mels]`, row by row. */
export class LogMel {
  /** Of each filter the weights that are not 0, and the bin that the first is for. */
  readonly #bands: readonly { readonly first: number; readonly weights: Float64Array }[];
  readonly #hann: Float64Array;
  readonly #spectrum: PowerSpectrum;

  constructor(private readonly settings: LogMelSettings) {
    const { window } = settings;
    this.#bands = melFilters(settings).map((filter) => {
      const first = filter.findIndex((weight) => weight > 0);
      return { first, weights: filter.subarray(first, filter.findLastIndex((weight) => weight > 0) + 1) };
    });
    this.#spectrum = new PowerSpectrum(window);
    this.#hann = Float64Array.from({ length: window }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window));
  }

  /**
   * Decibels of power below the clip's loudest cell, cut off at `range` and scaled to `1 + 2 dB / range`, from -1 to 1:
   * how loud a clip is makes no difference.
   * @param samples `length` of them
   */
  spectrogram(samples: Float32Array): Float32Array {
    const { range } = this.settings;
    const power = this.melPower(samples);
    const peak = power.reduce((most, value) => Math.max(most, value), QUIET);
    return Float32Array.from(power, (value) => 1 + (2 * Math.max(-range, 10 * Math.log10(value / peak))) / range);
  }

  /** The power in each mel band, `[frames, mels]`. */
  melPower(samples: Float32Array): Float64Array {
    const { window, hop, mels } = this.settings;
    const power = new Float64Array(framesOf(this.settings) * mels);
    const frame = new Float64Array(window);
    for (let row = 0; row * mels < power.length; row++) {
      for (let i = 0; i < window; i++) frame[i] = this.#hann[i]! * samples[row * hop + i]!;
      const spectrum = this.#spectrum.of(frame);
      this.#bands.forEach(({ first, weights }, mel) => {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * spectrum[first + k]!;
        power[row * mels + mel] = sum;
      });
    }
    return power;
  }
}
