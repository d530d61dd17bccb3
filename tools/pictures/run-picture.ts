import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { z } from 'zod';

/** What the picture shows of a trained model. */
export interface DrawnRun {
  readonly name: string;
  readonly colour: string;
  /** Accuracy on the validation split after each epoch, all phases in a row. */
  readonly validation: readonly number[];
  /** Accuracy of the saved model on the test split. */
  readonly test: number;
}

const accuracy = z.object({ accuracy: z.number().min(0).max(1) });
const epochLine = z.object({ validation: accuracy });
const card = z.object({ metrics: z.object({ test: accuracy }) });

/** Reads a model's folder: `history.jsonl` and `model.json`. */
export async function readRun(folder: string, name: string, colour: string): Promise<DrawnRun> {
  const history = await readFile(join(folder, 'history.jsonl'), 'utf8');
  const validation = history
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => epochLine.parse(JSON.parse(line)).validation.accuracy);
  const { metrics } = card.parse(JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')));
  return { name, colour, validation, test: metrics.test.accuracy };
}

const INK = '#343a40';
const GRID = '#e9ecef';
const HEIGHT = 240;

/** Validation accuracy epoch by epoch, and beside it the test accuracy. Both start at zero. */
function specification(title: string, runs: readonly DrawnRun[]): TopLevelSpec {
  const colour = { field: 'run', type: 'nominal', legend: null, scale: { domain: runs.map(({ name }) => name), range: runs.map((run) => run.colour) } } as const;
  const scale = { domain: [0, 1] };
  const axis = { format: '.0%', values: [0, 0.2, 0.4, 0.6, 0.8, 1], domain: false, ticks: false };
  const epochs = runs.flatMap(({ name, validation }) => validation.map((value, i) => ({ run: name, epoch: i + 1, accuracy: value })));
  const ends = runs.map(({ name, validation }) => ({ run: name, epoch: validation.length, accuracy: validation.at(-1) }));
  const last = Math.max(...runs.map(({ validation }) => validation.length));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, anchor: 'start', fontSize: 15, offset: 18, color: INK },
    background: 'white',
    padding: 16,
    spacing: 48,
    hconcat: [
      {
        title: { text: 'While training: validation accuracy', anchor: 'start', fontSize: 12, fontWeight: 'normal', color: INK },
        width: 440,
        height: HEIGHT,
        layer: [
          {
            data: { values: epochs },
            mark: { type: 'line', strokeWidth: 2.5, interpolate: 'linear' },
            encoding: {
              x: { field: 'epoch', type: 'quantitative', title: 'epoch', scale: { domain: [1, last], nice: false }, axis: { grid: false, tickCount: 6, format: 'd' } },
              y: { field: 'accuracy', type: 'quantitative', title: null, scale, axis },
              color: colour,
            },
          },
          {
            data: { values: ends },
            mark: { type: 'text', align: 'right', dy: 18, fontSize: 12, fontWeight: 'bold' },
            encoding: {
              x: { field: 'epoch', type: 'quantitative' },
              y: { field: 'accuracy', type: 'quantitative' },
              text: { field: 'run', type: 'nominal' },
              color: colour,
            },
          },
        ],
      },
      {
        title: { text: 'In the end: test accuracy', anchor: 'start', fontSize: 12, fontWeight: 'normal', color: INK },
        width: 190,
        height: HEIGHT,
        data: { values: runs.map(({ name, test }) => ({ run: name, accuracy: test })) },
        encoding: {
          x: { field: 'run', type: 'nominal', title: null, sort: null, axis: { labelAngle: 0, labelLimit: 200, labelOverlap: false, domain: false, ticks: false } },
          y: { field: 'accuracy', type: 'quantitative', title: null, scale, axis },
          color: colour,
        },
        layer: [
          { mark: { type: 'bar', width: { band: 0.62 } } },
          {
            mark: { type: 'text', dy: -10, fontSize: 14, fontWeight: 'bold' },
            encoding: { text: { field: 'accuracy', type: 'quantitative', format: '.1%' } },
          },
        ],
      },
    ],
    config: {
      font: 'Helvetica, Arial, sans-serif',
      view: { stroke: null },
      axis: { gridColor: GRID, labelColor: INK, titleColor: INK, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal', domainColor: '#adb5bd', tickColor: '#adb5bd' },
    },
  };
}

/** The picture as SVG. @param title says what was learned from how much */
export async function drawRuns(title: string, runs: readonly DrawnRun[]): Promise<string> {
  const view = new View(parse(compile(specification(title, runs)).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
