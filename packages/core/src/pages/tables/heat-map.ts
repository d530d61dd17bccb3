import { extent } from 'd3-array';
import { textOn } from '../colour.ts';
import { attributes, html, type Html, type HtmlPart } from '../html.ts';
import { heatColour, type HeatScale } from './heat-colour.ts';
import { scrollRegion } from './scroll-region.ts';

/** A cell of a heat map. */
export interface HeatCell {
  /** What its colour stands for; no colour where absent. */
  readonly value?: number;
  /** What it shows in place of the value as `format` writes it. */
  readonly content?: HtmlPart;
  /** More of it, shown when it is pointed at. */
  readonly note?: string;
  /** Whether it has a frame: what the caption says that it means. */
  readonly marked?: boolean;
}

/** A table whose cells are coloured by their values. */
export interface HeatMap {
  /** What it shows, and what frames mean where there are any. */
  readonly caption: string;
  /** What the rows, and what the columns are, such as `source ↓ test →`. */
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly title: string; readonly cells: readonly HeatCell[] }[];
  readonly format: (value: number) => string;
  readonly scale?: HeatScale;
  /** The values at the ends of the colours; the least and the greatest there are where absent. */
  readonly domain?: readonly [low: number, high: number];
}

/** Places on the bar that shows which colour stands for which value. */
const RAMP = 12;

/**
 * A heat map: a table, so that values can be read, reached and copied without their colours. Each cell's text is black or
 * white, whichever its colour lets one read; the colours are the same in both themes.
 */
export function heatMap({ caption, corner, columns, rows, format, scale = 'sequential', domain }: HeatMap): Html {
  const values = rows.flatMap(({ cells }) =>
    cells.flatMap(({ value = Number.NaN }) => (Number.isFinite(value) ? [value] : [])),
  );
  const [low = 0, high = 0] = domain ?? extent(values);
  const colour = heatColour(scale, [low, high]);
  const body = rows.map(
    ({ title, cells }) =>
      html`<tr><th scope="row">${title}</th>${columns.map((_, i) => cellHtml(cells[i] ?? {}, colour, format))}</tr>
`,
  );
  const table = html`<table class="heat"><caption><span>${caption}</span></caption><thead><tr><th scope="col">${corner}</th>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${body}</tbody></table>`;
  return html`<div class="stack">${scrollRegion(caption, table)}${values.length > 0 && scaleBar(scale, [low, high], colour, format)}</div>`;
}

function cellHtml(cell: HeatCell, colour: (value: number) => string, format: (value: number) => string): Html {
  const { value, note, marked } = cell;
  const shaded = value !== undefined && Number.isFinite(value);
  const background = shaded ? colour(value) : '';
  const shown = attributes({
    class: [shaded && 'shaded', marked && 'marked'].filter(Boolean).join(' ') || undefined,
    style: shaded && `--shade: ${background}; --text: ${textOn(background)}`,
    title: note,
  });
  return html`<td${shown}>${cell.content ?? (shaded ? format(value) : '–')}</td>`;
}

function scaleBar(
  scale: HeatScale,
  [low, high]: readonly [number, number],
  colour: (value: number) => string,
  format: (value: number) => string,
): Html {
  const reach = Math.max(-low, high);
  const [from, to] = scale === 'sequential' ? [low, high] : [-reach, reach];
  const stops = Array.from({ length: RAMP + 1 }, (_, i) => colour(from + ((to - from) * i) / RAMP));
  return html`<p class="scale" aria-hidden="true"><span>${format(from)}</span><i style="--ramp: linear-gradient(90deg, ${stops.join(', ')})"></i><span>${format(to)}</span></p>`;
}
