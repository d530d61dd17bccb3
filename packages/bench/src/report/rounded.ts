/** Decimals of a score whose interval is not known. */
const DECIMALS = 3;
const MOST_DECIMALS = 6;

/** A value and how far its interval reaches, written to the digits that the interval leaves it. */
export interface Rounded {
  readonly value: string;
  /** Half of the interval's width; absent where there is none. */
  readonly reach?: string;
}

/**
 * A value rounded by its interval: half its width to two significant digits, the value to the same decimals. A value without
 * one, or whose interval is a point, has three decimals.
 */
export function rounded(value: number, interval?: readonly [low: number, high: number] | null): Rounded {
  if (!interval) return { value: decimal(value, DECIMALS) };
  const reach = (interval[1] - interval[0]) / 2;
  const digits = decimalsOf(reach);
  return { value: decimal(value, digits), reach: decimal(reach, digits) };
}

/** Both ends of an interval, to the decimals that its width leaves. */
export function roundedEnds([low, high]: readonly [number, number]): [low: string, high: string] {
  const digits = decimalsOf((high - low) / 2);
  return [decimal(low, digits), decimal(high, digits)];
}

function decimalsOf(reach: number): number {
  if (!(reach > 0)) return DECIMALS;
  // Two significant digits: those of the number as it will be rounded, so that 0.0996 is 0.10 and not 0.100.
  const exponent = Number(reach.toExponential(1).split('e')[1]);
  return Math.min(MOST_DECIMALS, Math.max(0, 1 - exponent));
}

/** With a fixed number of decimals; no minus before a zero. */
export function decimal(value: number, digits = DECIMALS): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** With its sign, as differences are written. */
export function signed(text: string): string {
  if (text.startsWith('-')) return `−${text.slice(1)}`;
  return Number(text) === 0 ? text : `+${text}`;
}

/** `0.873 ± 0.012`, or the value alone. */
export function plusMinus(value: number, interval?: readonly [low: number, high: number] | null): string {
  const { value: text, reach } = rounded(value, interval);
  return reach === undefined ? text : `${text} ± ${reach}`;
}

/** A p value: two significant digits, and a bound below 0.001. */
export function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toPrecision(2);
}

/** The share that an interval holds: `95 %`. */
export function confidence(alpha: number): string {
  return `${Number((100 * (1 - alpha)).toPrecision(4))} %`;
}

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** Seconds as people read them: 0.42 s, 12 s, 3.5 min. */
export function duration(seconds: number): string {
  const unit = UNITS.find(([size]) => seconds >= 1.5 * size);
  const [value, name] = unit ? [seconds / unit[0], unit[1]] : [seconds, 's'];
  return `${value < 10 ? Number(value.toPrecision(2)) : Math.round(value)} ${name}`;
}

/** Bytes as people read them. */
export function byteSize(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${value < 10 ? Number(value.toPrecision(2)) : Math.round(value)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]!}`;
}
