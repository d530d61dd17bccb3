/** The powers `|X(k)|²` of real frames' frequencies, by the radix-2 transform of Cooley and Tukey (1965). */
export class PowerSpectrum {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @param length samples per frame, a power of two */
  constructor(private readonly length: number) {
    const angle = (_: unknown, k: number) => (2 * Math.PI * k) / length;
    this.#cos = Float64Array.from({ length: length / 2 }, angle).map(Math.cos);
    this.#sin = Float64Array.from({ length: length / 2 }, angle).map(Math.sin);
  }

  /** The powers of frequencies 0 to `length / 2`, in cycles per frame. */
  of(frame: Float64Array): Float64Array {
    const { length } = this;
    const [re, im] = [this.#bitReversed(frame), new Float64Array(length)];
    for (let half = 1; half < length; half *= 2) {
      for (let k = 0; k < half; k++) {
        const turn = (k * length) / (2 * half);
        const [cos, sin] = [this.#cos[turn]!, -this.#sin[turn]!];
        for (let i = k; i < length; i += 2 * half) {
          const j = i + half;
          const x = re[j]! * cos - im[j]! * sin;
          const y = re[j]! * sin + im[j]! * cos;
          re[j] = re[i]! - x;
          im[j] = im[i]! - y;
          re[i]! += x;
          im[i]! += y;
        }
      }
    }
    const powers = re.subarray(0, this.length / 2 + 1);
    for (let k = 0; k < powers.length; k++) powers[k] = re[k]! ** 2 + im[k]! ** 2;
    return powers;
  }

  #bitReversed(frame: Float64Array): Float64Array {
    const result = new Float64Array(this.length);
    for (let i = 0, j = 0; i < this.length; i++) {
      result[j] = frame[i]!;
      let bit = this.length >> 1;
      for (; j & bit; bit >>= 1) j ^= bit;
      j |= bit;
    }
    return result;
  }
}
