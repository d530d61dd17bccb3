import { extent } from 'd3-array';
import { textOn } from '../colour.ts';
import { attributes, html, type Html, type HtmlPart } from '../html.ts';
import type { ThemedColour } from '../tokens.ts';
import { heatColour, heatEnds, type HeatScale } from './heat-colour.ts';
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
 * white in either theme, whichever its colour there lets one read.
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
  return html`<div class="stack">${scrollRegion(caption, table)}${values.length > 0 && scaleBar(heatEnds(scale, [low, high]), colour, format)}</div>`;
}

type Colour = (value: number) => ThemedColour;

/** A colour that follows the theme. */
const themed = ({ light, dark }: ThemedColour) => `light-dark(${light}, ${dark})`;

function cellHtml(cell: HeatCell, colour: Colour, format: (value: number) => string): Html {
  const { value, note, marked } = cell;
  const shaded = value !== undefined && Number.isFinite(value);
  const ground = shaded && colour(value);
  const shown = attributes({
    class: [shaded && 'shaded', marked && 'marked'].filter(Boolean).join(' ') || undefined,
    style:
      ground &&
      `--shade: ${themed(ground)}; --text: ${themed({ light: textOn(ground.light), dark: textOn(ground.dark) })}`,
    title: note,
  });
  return html`<td${shown}>${cell.content ?? (shaded ? format(value) : '–')}</td>`;
}

function scaleBar([from, to]: readonly [number, number], colour: Colour, format: (value: number) => string): Html {
  const stops = Array.from({ length: RAMP + 1 }, (_, i) => themed(colour(from + ((to - from) * i) / RAMP)));
  return html`<p class="scale" aria-hidden="true"><span>${format(from)}</span><i style="--ramp: linear-gradient(90deg, ${stops.join(', ')})"></i><span>${format(to)}</span></p>`;
}
