import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  type SymbolType,
} from 'd3-shape';
import { attributes, html, type Html } from '../html.ts';
import { SERIES_COLOURS } from '../tokens.ts';

/** Dashes and markers of series, in turn. Each round of colours has them in another order, so that 18 series differ without colour too. */
const DASHES = ['none', '7 3', '2 3', '9 3 2 3', '12 4'];
const SYMBOLS: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
];

/** How often the colours were used up before a series. */
const roundOf = (index: number) => Math.floor(index / SERIES_COLOURS.length);

/** The class that gives a series its colour. */
export const seriesClass = (index: number): string => `s${index % SERIES_COLOURS.length}`;

/** The dashes of a series' lines, after a space, as an attribute. */
export function dashes(index: number): Html {
  const dash = DASHES[(index + 3 * roundOf(index)) % DASHES.length]!;
  return attributes({ 'stroke-dasharray': dash === 'none' ? undefined : dash });
}

/** A series' marker at a place. @param note shown when it is pointed at */
export function marker(index: number, x: number, y: number, note?: string): Html {
  const shape = SYMBOLS[(index + roundOf(index)) % SYMBOLS.length]!;
  return html`<path class="mark ${seriesClass(index)}" transform="translate(${x} ${y})" d="${symbol(shape, 56)()!}">${note !== undefined && html`<title>${note}</title>`}</path>`;
}

/**
 * Which look belongs to which series.
 * @param names of all series that there may be, in the order of their looks
 * @param kind lines with markers, markers alone, or bars
 * @param isThere whether a series is in this chart; the key names no other
 */
export function seriesKey(
  names: readonly string[],
  kind: 'line' | 'plain-line' | 'marker' | 'bar',
  isThere: (index: number) => boolean = () => true,
): Html | undefined {
  if (names.length < 2) return undefined;
  const look = (index: number) => {
    if (kind === 'bar')
      return html`<rect class="bar ${seriesClass(index)}" x="5" y="2" width="24" height="12"${dashes(index)}/>`;
    const line =
      kind === 'marker' ? undefined : html`<path class="line ${seriesClass(index)}" d="M1 8H33"${dashes(index)}/>`;
    return html`${line}${kind !== 'plain-line' && marker(index, 17, 8)}`;
  };
  return html`<ul class="key">${names.map((name, i) => isThere(i) && html`<li><svg viewBox="0 0 34 16" aria-hidden="true">${look(i)}</svg>${name}</li>`)}</ul>`;
}
