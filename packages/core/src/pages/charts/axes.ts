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

/** About so many pixels stand between ticks. */
const TICK_GAP = { x: 75, y: 42 };

/**
 * Places an axis along a stretch of pixels.
 * @param values all that are to lie on it
 * @throws RangeError for a value that a logarithmic axis cannot have
 */
export function placeAxis(
  axis: Axis,
  values: readonly number[],
  [from, to]: readonly [number, number],
  along: 'x' | 'y',
): PlacedAxis {
  const found = values.filter((value) => Number.isFinite(value));
  const [low = 0, high = 1] = axis.domain ?? extent(found);
  if (axis.scale === 'log' && low <= 0)
    throw new RangeError(`The logarithmic axis "${axis.label}" cannot show ${low}.`);
  const ends = low === high ? around(low, axis.scale) : [low, high];
  const count = Math.max(2, Math.round(Math.abs(to - from) / TICK_GAP[along]));
  const scale: NumberScale = axis.scale === 'log' ? scaleLog(ends, [from, to]) : scaleLinear(ends, [from, to]);
  if (axis.domain === undefined) scale.nice(...(axis.scale === 'log' ? [] : [count]));
  const written = scale.tickFormat(count, axis.scale === 'log' ? '~s' : undefined);
  const [first, last] = scale.domain() as [number, number];
  return {
    place: (value) => round(scale(value)),
    ticks: scale
      .ticks(count)
      // What the scale leaves unwritten has no room on a logarithmic axis, however it would be written.
      .filter((tick) => written(tick) !== '')
      .map((tick) => [tick, (axis.format ?? written)(tick)] as const)
      .filter(([, text]) => text !== ''),
    format: axis.format ?? ((value) => String(Number(value.toPrecision(6)))),
    domain: [first, last],
  };
}

function around(value: number, scale: Axis['scale']): [number, number] {
  if (scale === 'log') return [value / 2, value * 2];
  const reach = Math.abs(value) / 10 || 1;
  return [value - reach, value + reach];
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
