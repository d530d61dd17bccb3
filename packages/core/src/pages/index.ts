// Pages that are complete in themselves: one look for all that Headstart writes for people to read.
export { attributes, html, Html, type HtmlPart } from './html.ts';
export { escapeXml } from './escape-xml.ts';
export { htmlPage, type HtmlPage, type PageSection } from './html-page.ts';
export { COLOURS, SERIES_COLOURS, type ThemedColour } from './tokens.ts';
export {
  facts,
  grid,
  notices,
  numbers,
  opening,
  sheet,
  type Fact,
  type Notice,
  type NoticeKind,
  type SheetPicture,
} from './parts/parts.ts';
export { dataTable, type DataTable } from './tables/data-table.ts';
export type { TableCell, TableColumn, ValuedCell } from './tables/cells.ts';
export { scrollRegion } from './tables/scroll-region.ts';
export { heatMap, type HeatCell, type HeatMap } from './tables/heat-map.ts';
export type { HeatScale } from './tables/heat-colour.ts';
export type { Axis } from './charts/axes.ts';
export { chartFigure, type ChartText, type DrawnChart } from './charts/chart-figure.ts';
export { lineChart, type LineChart, type LinePoint, type LineSeries } from './charts/line-chart.ts';
export { barChart, type BarChart, type BarValue } from './charts/bar-chart.ts';
export { scatterChart, type ScatterChart, type ScatterPoint } from './charts/scatter-chart.ts';
export { intervalPlot, type IntervalPlot, type IntervalRow } from './charts/interval-plot.ts';
export { criticalDifference, type CriticalDifference } from './charts/critical-difference.ts';
export { histogram, type Histogram } from './charts/histogram.ts';
