import { attributes, html, type Html, type HtmlPart } from '../html.ts';
import { dataTable, type DataTable } from '../tables/data-table.ts';
import { scrollRegion } from '../tables/scroll-region.ts';
import { opening } from '../parts/parts.ts';

/** What every chart says of itself. */
export interface ChartText {
  readonly title: string;
  /** What it shows and how it is to be read, in a sentence or two: for people who do not see it as well. */
  readonly description: string;
  /** Width and height in CSS pixels, before it is fitted to its place; the chart's own where absent. */
  readonly width?: number;
  readonly height?: number;
  /** The table beside the chart, in place of all its data: with a thousand points, those that matter. */
  readonly table?: Pick<DataTable, 'columns' | 'rows'>;
}

/** A chart as it is drawn. */
export interface DrawnChart {
  readonly width: number;
  readonly height: number;
  readonly marks: HtmlPart;
  readonly key?: HtmlPart;
  readonly table: Pick<DataTable, 'columns' | 'rows'>;
}

/** How far a chart is made smaller or larger to fit its place before it scrolls, or leaves room. */
const FIT = { least: 0.72, most: 1.6 };

/** A chart with its title, what it shows, and the same data as a table. */
export function chartFigure(text: ChartText, drawn: DrawnChart): Html {
  const { title, description } = text;
  const { width, height, marks, key } = drawn;
  const size = attributes({
    viewBox: `0 0 ${width} ${height}`,
    style: `--least: ${Math.round(FIT.least * width)}px; --most: ${Math.round(FIT.most * width)}px`,
  });
  const picture = html`<svg role="img"${size}><title>${title}</title><desc>${description}</desc>
${marks}
</svg>`;
  const table = dataTable({ caption: title, quiet: true, ...(text.table ?? drawn.table) });
  return html`<figure class="chart"><figcaption><b>${title}</b>${description}</figcaption>${key}${scrollRegion(title, picture)}${opening(html`Data<span class="unseen"> of ${title}</span>`, table)}</figure>`;
}
