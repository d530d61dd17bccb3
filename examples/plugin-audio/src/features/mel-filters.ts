/** Slaney's mel scale ("Auditory Toolbox", 1998), librosa's default: linear below 1 kHz, logarithmic above. */
const LINEAR = 200 / 3;
const KNEE = { hertz: 1000, mel: 15 };
const STEP = Math.log(6.4) / 27;

const toMel = (hertz: number) => (hertz < KNEE.hertz ? hertz / LINEAR : KNEE.mel + Math.log(hertz / KNEE.hertz) / STEP);
const toHertz = (mel: number) => (mel < KNEE.mel ? mel * LINEAR : KNEE.hertz * Math.exp(STEP * (mel - KNEE.mel)));

/**
 * Triangles evenly spaced on the mel scale, each of area 1 in hertz: the weights `[mels][bins]` of a power spectrum.
 * @param window samples per frame, of which a spectrum has `window / 2 + 1` bins
 */
export function melFilters(options: {
  readonly rate: number;
  readonly window: number;
  readonly mels: number;
  readonly lowest: number;
  readonly highest: number;
}): Float64Array[] {
  const { rate, window, mels, lowest, highest } = options;
  const [low, high] = [toMel(lowest), toMel(highest)];
  const edges = Array.from({ length: mels + 2 }, (_, i) => toHertz(low + ((high - low) * i) / (mels + 1)));
  return Array.from({ length: mels }, (_, i) => {
    const [left, centre, right] = [edges[i]!, edges[i + 1]!, edges[i + 2]!];
    return Float64Array.from({ length: window / 2 + 1 }, (_bin, k) => {
      const hertz = (k * rate) / window;
      const height = Math.min((hertz - left) / (centre - left), (right - hertz) / (right - centre));
      return (2 / (right - left)) * Math.max(0, height);
    });
  });
}
