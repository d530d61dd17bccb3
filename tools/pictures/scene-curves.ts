import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** How a detector came along. */
export interface SceneCurve {
  readonly row: string;
  readonly title: string;
  /** AP on the validation scenes after so many steps. */
  readonly points: readonly { readonly step: number; readonly AP: number }[];
  /** Whether it began with what a source had learned. */
  readonly pretrained: boolean;
}

const INK = '#343a40';

/** Validation AP by step: pretrained rows as lines, those from random weights as dashes of the same colours. */
export async function drawSceneCurves(curves: readonly SceneCurve[]): Promise<string> {
  const values = curves.flatMap(({ title, points, pretrained }) =>
    points.map((point) => ({ ...point, title, pretrained })),
  );
  const specification: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: 'emoji-scenes-google: validation AP by training step',
      subtitle: 'dashed: the same from random weights',
      subtitleColor: INK,
      subtitlePadding: 4,
      anchor: 'start',
      fontSize: 14,
      offset: 14,
      color: INK,
    },
    background: 'white',
    padding: 16,
    width: 520,
    height: 320,
    data: { values },
    mark: { type: 'line', strokeWidth: 2.2, interpolate: 'linear' },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: 'training step', axis: { grid: false } },
      y: { field: 'AP', type: 'quantitative', title: 'AP', scale: { domain: [0, 1] }, axis: { format: '.1f' } },
      color: {
        field: 'title',
        type: 'nominal',
        scale: {
          domain: curves.map(({ title }) => title),
          range: curves.map(({ row }) => COLOURS[row.split('-', 1)[0]!] ?? INK),
        },
        legend: { title: null, labelLimit: 0, orient: 'bottom', columns: 1, symbolStrokeWidth: 2.5 },
      },
      strokeDash: {
        field: 'pretrained',
        type: 'nominal',
        scale: {
          domain: [true, false],
          range: [
            [1, 0],
            [5, 4],
          ],
        },
        legend: null,
      },
    },
    config: {
      font: 'Helvetica, Arial, sans-serif',
      view: { stroke: null },
      axis: { gridColor: '#e9ecef', labelColor: INK, titleColor: INK, titleFontWeight: 'normal' },
    },
  };
  const view = new View(parse(compile(specification).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

/** A colour for what trains; what starts from random weights is dashed. */
const COLOURS: Readonly<Record<string, string>> = {
  probe: '#9c36b5',
  head: '#0b7285',
  whole: '#2b8a3e',
  tune: '#e8590c',
  usual: '#1864ab',
  scratch: '#2b8a3e',
};
