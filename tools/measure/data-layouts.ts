/**
 * Data as people lay them out: every case of the field report read as `train` would, judged by what is right for it, and
 * counted, before and now. The table goes into benchmarks/.
 *
 *   npm run measure -- data-layouts <data-layouts.tar.gz | its unpacked folder>
 *   npm run -s measure -- data-layouts <the same> 'icsv-*' 'yolo-no-yaml'     some cases, what was read or said in full
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { countLines, described, tableOf, type JudgedRow } from '../data-layouts/describe.ts';
import { expectations } from '../data-layouts/expected/index.ts';
import { judge } from '../data-layouts/judge.ts';
import { readAll } from '../data-layouts/pool.ts';
import { readRows, requestOf, type Row } from '../data-layouts/rows.ts';
import { workspaceRoot } from '../workspace/root.mjs';

const [archive, ...patterns] = process.argv.slice(2);
if (archive === undefined) {
  console.error('Usage: npm run measure -- data-layouts <archive or unpacked folder> [case or pattern]...');
  process.exit(2);
}

/** The folder of the cases: the one that is given, or an archive's, unpacked. */
async function withCases(path: string, work: (cases: string) => Promise<void>): Promise<void> {
  if ((await stat(path)).isDirectory()) return work(path);
  const folder = await mkdtemp(join(tmpdir(), 'headstart-data-layouts-'));
  try {
    await promisify(execFile)('tar', ['-xzf', path, '-C', folder]);
    await work(join(folder, 'cases'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function matches(pattern: string, name: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(name);
}

await withCases(archive, async (cases) => {
  const all = await readRows();
  const chosen =
    patterns.length === 0 ? all : all.filter(({ name }) => patterns.some((pattern) => matches(pattern, name)));
  const judged: JudgedRow[] = [];
  const path = ({ folder, target }: Row) => join(cases, folder, target);
  await readAll(
    chosen.map((row) => requestOf(row, path(row))),
    (index, observed) => {
      const row = chosen[index]!;
      const expectation = expectations[row.name];
      if (!expectation) throw new Error(`No expectation is written for the case ${row.name}.`);
      const done = { row, observed, ...judge(observed, expectation) };
      judged[index] = done;
      if (patterns.length > 0) console.log(described(done, cases));
    },
  );
  console.log(countLines(judged));
  if (patterns.length > 0) return;
  const file = join(workspaceRoot, 'benchmarks', 'data-layouts.md');
  await writeFile(file, tableOf(judged, cases));
  console.log(`Written: ${file}`);
});
