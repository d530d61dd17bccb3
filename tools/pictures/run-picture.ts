import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { z } from 'zod';

/** What a trained model comes to. */
export interface DrawnResult {
  readonly name: string;
  readonly colour: string;
  /** Accuracy of the saved model on the test split. */
  readonly test: number;
}

/** A trained model with the way to it. */
export interface DrawnRun extends DrawnResult {
  /** Accuracy on the validation split after each epoch, all phases in a row. */
  readonly validation: readonly number[];
}

/** Results on other data, to stand beside the runs. */
export interface DrawnComparison {
  readonly title: string;
  /** Under the bars. */
  readonly note?: string;
  readonly results: readonly DrawnResult[];
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
  return { ...(await readResult(folder, name, colour)), validation };
}

/** Reads `model.json` of a model's folder. */
export async function readResult(folder: string, name: string, colour: string): Promise<DrawnResult> {
  const { metrics } = card.parse(JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')));
  return { name, colour, test: metrics.test.accuracy };
}

const INK = '#343a40';
const GRID = '#e9ecef';
const HEIGHT = 240;

type Panel = Extract<TopLevelSpec, { hconcat: unknown }>['hconcat'][number];

/** Accuracies, from none to all right: the same on every panel. */
const scale = { domain: [0, 1] };
const axis = { format: '.0%', values: [0, 0.2, 0.4, 0.6, 0.8, 1], domain: false, ticks: false };

function colourBy(results: readonly DrawnResult[]) {
  return {
    field: 'run',
    type: 'nominal',
    legend: null,
    scale: { domain: results.map(({ name }) => name), range: results.map(({ colour }) => colour) },
  } as const;
}

/** Test accuracies as bars. */
function bars({ title, note, results }: DrawnComparison): Panel {
  return {
    title: { text: title, anchor: 'start', fontSize: 12, fontWeight: 'normal', color: INK },
    width: 190,
    height: HEIGHT,
    data: { values: results.map(({ name, test }) => ({ run: name, accuracy: test })) },
    encoding: {
      x: {
        field: 'run',
        type: 'nominal',
        sort: null,
        axis: { title: note ?? null, labelAngle: 0, labelLimit: 200, labelOverlap: false, domain: false, ticks: false },
      },
      y: { field: 'accuracy', type: 'quantitative', title: null, scale, axis },
      color: colourBy(results),
    },
    layer: [
      { mark: { type: 'bar', width: { band: 0.62 } } },
      {
        mark: { type: 'text', dy: -10, fontSize: 14, fontWeight: 'bold' },
        encoding: { text: { field: 'accuracy', type: 'quantitative', format: '.1%' } },
      },
    ],
  };
}

/** Validation accuracy epoch by epoch, beside it the test accuracy, and that on other data. */
function specification(title: string, runs: readonly DrawnRun[], beside: readonly DrawnComparison[]): TopLevelSpec {
  const colour = colourBy(runs);
  const epochs = runs.flatMap(({ name, validation }) =>
    validation.map((value, i) => ({ run: name, epoch: i + 1, accuracy: value })),
  );
  const ends = runs.map(({ name, validation }) => ({
    run: name,
    epoch: validation.length,
    accuracy: validation.at(-1),
  }));
  const last = Math.max(...runs.map(({ validation }) => validation.length));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, anchor: 'start', fontSize: 15, offset: 18, color: INK },
    background: 'white',
    padding: 16,
    spacing: 48,
    hconcat: [
      {
        title: {
          text: 'While training: validation accuracy',
          anchor: 'start',
          fontSize: 12,
          fontWeight: 'normal',
          color: INK,
        },
        // A page is about so wide, whatever stands beside.
        width: beside.length === 0 ? 440 : 320,
        height: HEIGHT,
        layer: [
          {
            data: { values: epochs },
            mark: { type: 'line', strokeWidth: 2.5, interpolate: 'linear' },
            encoding: {
              x: {
                field: 'epoch',
                type: 'quantitative',
                title: 'epoch',
                scale: { domain: [1, last], nice: false },
                axis: { grid: false, tickCount: 6, format: 'd' },
              },
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
      ...[{ title: 'In the end: test accuracy', results: runs }, ...beside].map(bars),
    ],
    config: {
      font: 'Helvetica, Arial, sans-serif',
      view: { stroke: null },
      axis: {
        gridColor: GRID,
        labelColor: INK,
        titleColor: INK,
        labelFontSize: 11,
        titleFontSize: 11,
        titleFontWeight: 'normal',
        domainColor: '#adb5bd',
        tickColor: '#adb5bd',
      },
    },
  };
}

/**
 * The picture as SVG.
 * @param title says what was learned from how much
 * @param beside what other transfers came to, on a panel each
 */
export async function drawRuns(
  title: string,
  runs: readonly DrawnRun[],
  beside: readonly DrawnComparison[] = [],
): Promise<string> {
  const view = new View(parse(compile(specification(title, runs, beside)).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
