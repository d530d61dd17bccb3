import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawRuns, readResult, readRun, type DrawnResult, type DrawnRun } from './run-picture.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-picture-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** 240 pixels are 100 %. */
const bar = ({ name, test, colour }: DrawnResult) =>
  new RegExp(`aria-label="run: ${name}; accuracy: [^>]* d="[^"]*v${240 * test}h[^>]*fill="${colour}"`);

const runs: DrawnRun[] = [
  { name: 'transfer', colour: '#0b7285', validation: [0.5, 0.75], test: 0.8 },
  { name: 'from scratch', colour: '#e8590c', validation: [0.25, 0.5], test: 0.4 },
];

describe('the picture of a run', () => {
  it('draws bars as long as the test accuracies, and says the numbers', async () => {
    const svg = await drawRuns('points', runs);
    expect(svg).toMatch(/^<svg /);
    for (const text of ['points', '80.0%', '40.0%', 'transfer', 'from scratch'])
      expect(svg).toContain(`>${text}</text>`);
    for (const run of runs) expect(svg).toMatch(bar(run));
  });

  it('draws a line through the validation accuracies: 240 pixels high, 100 % at the top', async () => {
    const svg = await drawRuns('points', runs);
    // Epochs 1 and 2 lie at the ends of 440 pixels.
    expect(svg).toContain('d="M0,120L440,60"');
    expect(svg).toContain('d="M0,180L440,120"');
  });

  it('draws bars on other data beside them, and says what these are', async () => {
    const results: DrawnResult[] = [
      { name: 'transfer', colour: '#0b7285', test: 0.9 },
      { name: 'from scratch', colour: '#e8590c', test: 0.55 },
    ];
    const svg = await drawRuns('points', runs, [{ title: 'lines: test accuracy', note: '16 to learn from', results }]);
    for (const text of ['lines: test accuracy', '16 to learn from', '90.0%', '55.0%'])
      expect(svg).toContain(`>${text}</text>`);
    for (const drawn of [...runs, ...results]) expect(svg).toMatch(bar(drawn));
  });

  it('reads what a model folder says, phases in a row', async () => {
    const epochs = [
      { phase: 'probe', validation: { accuracy: 0.5 } },
      { phase: 'tune', validation: { accuracy: 0.625, nll: 1 } },
    ];
    await writeFile(join(folder, 'history.jsonl'), epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''));
    await writeFile(join(folder, 'model.json'), JSON.stringify({ metrics: { test: { accuracy: 0.75 } } }));
    expect(await readRun(folder, 'transfer', '#000')).toEqual({
      name: 'transfer',
      colour: '#000',
      validation: [0.5, 0.625],
      test: 0.75,
    });
    expect(await readResult(folder, 'transfer', '#000')).toEqual({ name: 'transfer', colour: '#000', test: 0.75 });
  });

  it('refuses a run without a validation split, which has no line to draw', async () => {
    await writeFile(join(folder, 'history.jsonl'), '{"phase":"probe","epoch":1}\n');
    await expect(readRun(folder, 'transfer', '#000')).rejects.toThrow(/validation/);
  });
});
