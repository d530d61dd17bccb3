/** Zero crossings of the sinc on either side, and the Kaiser window's shape: aliases lie 80 dB below. */
const CROSSINGS = 32;
const BETA = 8;
/** Where the pass band ends, as a share of the lower Nyquist frequency: the filter needs room to fall. */
const ROLL_OFF = 0.93;

/**
 * The same sound at another rate, by a sinc windowed by Kaiser's function (Smith, "Digital Audio Resampling", CCRMA):
 * `y(t) = Σ x(n) h(t - n)`, below the lower of the two Nyquist frequencies. Outside the recording there is silence.
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const divisor = greatestCommonDivisor(from, to);
  const [step, phases] = [from / divisor, to / divisor];
  const filters = Array<Float64Array | undefined>(phases);
  const half = filterReach(from, to);
  const result = new Float32Array(Math.ceil((samples.length * to) / from));
  for (let i = 0; i < result.length; i++) {
    const phase = (i * step) % phases;
    const first = (i * step - phase) / phases - half + 1;
    const filter = (filters[phase] ??= filterOf(phase / phases, from, to));
    let sum = 0;
    for (let k = 0; k < filter.length; k++) sum += filter[k]! * (samples[first + k] ?? 0);
    result[i] = sum;
  }
  return result;
}

/** Samples of the original on either side of a point that its value depends on. */
function filterReach(from: number, to: number): number {
  return Math.ceil(CROSSINGS * Math.max(1, from / to));
}

/** The weights of the samples around a point that lies `offset` of a sample after one. */
function filterOf(offset: number, from: number, to: number): Float64Array {
  const half = filterReach(from, to);
  const cutOff = ROLL_OFF * Math.min(1, to / from);
  return Float64Array.from({ length: 2 * half }, (_, k) => {
    const distance = k - half + 1 - offset;
    const share = distance / half;
    const angle = Math.PI * cutOff * distance;
    const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
    return Math.abs(share) >= 1 ? 0 : (cutOff * sinc * bessel(BETA * Math.sqrt(1 - share * share))) / bessel(BETA);
  });
}

/** The modified Bessel function of the first kind and order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
