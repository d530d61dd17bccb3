import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderStore } from '../records/folder-store.ts';
import { BENCH_FILE, benchFileText, type BenchFile } from '../results/bench-file.ts';
import { smallRecord } from '../testing/small-record.test.support.ts';
import { readResults } from '../results/bench-results.ts';
import { remakeReport } from './remake-report.ts';
import { writeReport, type ReportReaders } from './write-report.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstart-report-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** Reads predictions of two items, of which the second is wrong; knows no data set. */
const readers = {
  evidenceFormats: () => [
    {
      value: {
        kind: 'classification',
        read: (items: unknown) => items,
        measure: () => ({ accuracy: { value: 0.5 } }),
        scores: () => Float64Array.of(1, 0),
      },
    },
  ],
  metrics: () => [],
  datasets: () => [],
  views: () => Promise.reject(new Error('asked')),
} as unknown as ReportReaders;

it('is made from the records in a folder: the same bytes each time, with the items that are wrong', async () => {
  const made = [0, 1].map((seed) => smallRecord({ seed }));
  const store = new FolderStore(dir);
  for (const { record, predictions } of made) await store.publish(record, predictions);
  const bench = {
    format: 1,
    name: 'Small',
    config: { sources: ['net'], domains: { train: ['a'], test: ['b'] }, strategies: ['linear-probe'] },
    folder: '.',
    alpha: 0.05,
    delta: 0.01,
    baseline: 'linear-probe',
    scratch: [],
    probe: ['linear-probe'],
    metrics: { 'point-classification': { name: 'accuracy', better: 'higher' } },
    cells: made.map(({ record: { id, task, coordinates } }) => ({ id, task, coordinates })),
    refused: [],
  } as unknown as BenchFile;
  await writeFile(join(dir, BENCH_FILE), benchFileText(bench));

  const { data, files } = await writeReport(dir, readers);
  expect(data.cells).toHaveLength(1);
  expect(data.cells[0]).toMatchObject({ mean: 0.5, interval: [0.5, 0.5], metric: 'accuracy' });
  expect(data.cells[0]!.worst).toEqual([{ id: 'ü "b".png', digest: '11', truth: 'dog', predicted: 'cat', score: 0 }]);
  expect(data.withheld).toHaveLength(1);
  expect(await readdir(join(dir, 'tables'))).toHaveLength(15);
  const read = () => Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  const first = await read();
  await writeReport(dir, readers);
  expect(await read()).toEqual(first);

  const results = await readResults(dir);
  const remade = await remakeReport(results, { store, readers }, first[0]!);
  expect([...remade]).toEqual(files.map((file, i) => [file, first[i]]));
  const altered = await remakeReport(
    results,
    { store, readers },
    first[0]!.replace('Its items are named', 'Its items were'),
  );
  expect(altered.get('report.json')).not.toBe(first.at(-1));
  await expect(remakeReport(results, { store, readers }, '<p>')).rejects.toThrow(SyntaxError);
});

it('is refused where there is no benchmark', async () => {
  await expect(writeReport(dir, readers)).rejects.toMatchObject({ code: 'target-not-found' });
});
