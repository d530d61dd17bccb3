import { extent } from 'd3-array';
import { scaleLinear, scaleLog, type ScaleLinear, type ScaleLogarithmic } from 'd3-scale';
import { html, type Html } from '../html.ts';

/** An axis of numbers. */
export interface Axis {
  /** What it measures, with the unit. */
  readonly label: string;
  /** Equal steps, the default, or equal factors; a logarithmic axis takes values above zero only. */
  readonly scale?: 'linear' | 'log';
  /** Its ends; what the data need, rounded out, where absent. */
  readonly domain?: readonly [low: number, high: number];
  /** How its numbers are written, in the table too; as the scale would where absent. */
  readonly format?: (value: number) => string;
}

/** Where a chart's marks lie: the edges of the plot inside its margins, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type NumberScale = ScaleLinear<number, number> | ScaleLogarithmic<number, number>;

/** A scale with its ticks and how numbers are written. */
export interface PlacedAxis {
  readonly place: (value: number) => number;
  readonly ticks: readonly (readonly [value: number, text: string])[];
  readonly format: (value: number) => string;
  readonly domain: readonly [number, number];
}

/** The room that a logarithmic axis has at either end, as a share of its length. */
const LOG_ROOM = 0.03;
/** About so many pixels stand between ticks. */
const TICK_GAP = { x: 75, y: 42 };

/**
 * Places an axis along a stretch of pixels.
 * @param values all that are to lie on it
 * @throws RangeError for a value that the axis cannot have: not a number, or one of zero or less on a logarithmic axis
 */
export function placeAxis(
  axis: Axis,
  values: readonly number[],
  [from, to]: readonly [number, number],
  along: 'x' | 'y',
): PlacedAxis {
  const log = axis.scale === 'log';
  const wrong = values.find((value) => !Number.isFinite(value) || (log && value <= 0));
  if (wrong !== undefined)
    throw new RangeError(`The ${axis.scale ?? 'linear'} axis "${axis.label}" cannot show ${wrong}.`);
  const [low = 1, high = 2] = axis.domain ?? extent(values);
  const ends = endsOf(axis, low, high);
  const count = Math.max(2, Math.round(Math.abs(to - from) / TICK_GAP[along]));
  const scale: NumberScale = log ? scaleLog(ends, [from, to]) : scaleLinear(ends, [from, to]);
  if (axis.domain === undefined && !log) scale.nice(count);
  const written = scale.tickFormat(count, log ? '~s' : undefined);
  const [first, last] = scale.domain() as [number, number];
  return {
    place: (value) => round(scale(value)),
    ticks: scale
      .ticks(count)
      // What the scale leaves unwritten has no room on a logarithmic axis, however it would be written.
      .filter((tick) => written(tick) !== '')
      .map((tick) => [tick, (axis.format ?? written)(tick)] as const)
      .filter(([, text]) => text !== ''),
    format: axis.format ?? formatOf(values, log, last - first),
    domain: [first, last],
  };
}

/** How values are written beside a chart: whole numbers as they are, others with three digits of the axis' length. */
function formatOf(values: readonly number[], log: boolean, length: number): (value: number) => string {
  if (values.every(Number.isInteger)) return String;
  if (log) return (value) => String(Number(value.toPrecision(4)));
  const decimals = Math.min(12, Math.max(0, 2 - Math.floor(Math.log10(length))));
  return (value) => value.toFixed(decimals);
}

/** The ends of an axis before they are rounded out; a logarithmic one has a little room instead. */
function endsOf({ scale, domain }: Axis, low: number, high: number): [number, number] {
  if (low === high) {
    const reach = Math.abs(low) / 10 || 1;
    return scale === 'log' ? [low / 2, low * 2] : [low - reach, low + reach];
  }
  const room = scale === 'log' && domain === undefined ? (high / low) ** LOG_ROOM : 1;
  return [low / room, high * room];
}

/** The lower axis with its grid, numbers and label. */
export function xAxis({ ticks, place }: PlacedAxis, label: string, { left, right, top, bottom }: Plot): Html {
  const rules = ticks.map(([value]) => `M${place(value)} ${top}V${bottom}`).join('');
  const texts = ticks.map(
    ([value, text]) =>
      html`<text class="tick" x="${place(value)}" y="${bottom + 17}" text-anchor="middle">${text}</text>`,
  );
  return html`<path class="rule" d="${rules}"/><path class="axis" d="M${left} ${bottom}H${right}"/>${texts}<text class="of-axis" x="${(left + right) / 2}" y="${bottom + 37}" text-anchor="middle">${label}</text>
`;
}

/** The left axis with its grid, numbers and label. */
export function yAxis({ ticks, place }: PlacedAxis, label: string, { left, right, top, bottom }: Plot): Html {
  const rules = ticks.map(([value]) => `M${left} ${place(value)}H${right}`).join('');
  const texts = ticks.map(
    ([value, text]) =>
      html`<text class="tick" x="${left - 7}" y="${place(value) + 4}" text-anchor="end">${text}</text>`,
  );
  return html`<path class="rule" d="${rules}"/><path class="axis" d="M${left} ${top}V${bottom}"/>${texts}<text class="of-axis" transform="translate(14 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${label}</text>
`;
}

/** Tenths of a pixel: as fine as one sees, and the same text everywhere. */
export function round(value: number): number {
  return Math.round(10 * value) / 10;
}
