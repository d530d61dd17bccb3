const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

/** Digits up to which a fraction is read exactly: below 2^53 over a power of ten that a double holds exactly. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

/**
 * Reads decimal numbers, each ended by one of the separator's bytes or the end, into `into` from `at` on. Rounded as
 * `Number` rounds them.
 *
 * @returns how many there were; -1 where something is not a number. What does not fit is counted and not stored
 */
export function parseNumbers(bytes: Uint8Array, separator: number, into: Float32Array, at: number): number {
  let count = 0;
  for (let from = 0; from < bytes.length; count++) {
    // By hand rather than by splitting: files have tens of millions of numbers.
    const negative = bytes[from] === MINUS;
    let whole = 0;
    let digits = 0;
    let pointAt = -1;
    let plain = true;
    let i = negative ? from + 1 : from;
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === separator) break;
      if (byte >= ZERO && byte <= NINE) {
        whole = 10 * whole + byte - ZERO;
        digits++;
      } else if (byte === POINT && pointAt < 0) pointAt = i;
      else plain = false;
    }
    const exact = plain && digits > 0 && digits <= EXACT_DIGITS;
    const size = pointAt < 0 ? whole : whole / POWERS[i - pointAt - 1]!;
    const value = !exact ? general(bytes, from, i) : negative ? -size : size;
    if (Number.isNaN(value)) return -1;
    if (at + count < into.length) into[at + count] = value;
    from = i + 1;
  }
  return count;
}

function general(bytes: Uint8Array, from: number, end: number): number {
  const text = Buffer.from(bytes.subarray(from, end)).toString('latin1');
  return /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
