/**
 * Data as people lay them out: every case of the field report, and further data of the same kinds made by code, read as
 * `train` would, judged by what is right for it, and counted, before and now. The table goes into benchmarks/.
 *
 *   npm run measure -- data-layouts <data-layouts.tar.gz | its unpacked folder>
 *   npm run -s measure -- data-layouts <the same> 'icsv-*' 'yolo-no-yaml'    some cases, what was read or said in full
 *   npm run -s measure -- data-layouts further [pattern...]                  the data made by code, those that fail in full
 *   npm run measure -- data-layouts <unpacked folder> --pack                 the cases for the tests, after a change of them
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { countLines, described, failed, tableOf, type Judged } from '../data-layouts/describe.ts';
import { expectations } from '../data-layouts/expected/index.ts';
import { makeCase } from '../data-layouts/further/further-case.ts';
import { furtherCases } from '../data-layouts/further/index.ts';
import { judgeAll, type JudgedRequest } from '../data-layouts/judge-all.ts';
import { packCases } from '../data-layouts/pack-cases.ts';
import { readRows, requestOf } from '../data-layouts/rows.ts';
import { workspaceRoot } from '../workspace/root.mjs';

const [archive, ...patterns] = process.argv.slice(2);
if (archive === undefined) {
  console.error('Usage: npm run measure -- data-layouts <archive or unpacked folder | further> [case or pattern]...');
  process.exit(2);
}

if (patterns[0] === '--pack') {
  await packCases(archive, await readRows());
  process.exit();
}

const wanted = (name: string) => patterns.length === 0 || patterns.some((pattern) => matches(pattern, name));

function matches(pattern: string, name: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(name);
}

const scratch = await mkdtemp(join(tmpdir(), 'headstart-data-layouts-'));
try {
  const judged = await judgeAll(
    archive === 'further' ? await further(scratch) : await reported(archive, scratch),
    (one) => {
      if (archive === 'further' ? failed(one) : patterns.length > 0) console.log(described(one));
    },
  );
  console.log(countLines(judged));
  if (archive !== 'further' && patterns.length === 0) await write(judged, await judgeAll(await further(scratch)));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** The report's cases: of the folder that is given, or of an archive, unpacked. */
async function reported(path: string, folder: string): Promise<JudgedRequest[]> {
  const unpacked = (await stat(path)).isDirectory();
  if (!unpacked) await promisify(execFile)('tar', ['-xzf', path, '-C', folder]);
  const cases = unpacked ? path : join(folder, 'cases');
  return (await readRows())
    .filter(({ name }) => wanted(name))
    .map((row) => {
      const expectation = expectations[row.name];
      if (!expectation) throw new Error(`No expectation is written for the case ${row.name}.`);
      const { name, input, before, options } = row;
      const request = requestOf(row, join(cases, row.folder, row.target));
      return { name, input, before, options, request, expectation, root: cases };
    });
}

async function further(folder: string): Promise<JudgedRequest[]> {
  const chosen = furtherCases().filter(({ name }) => wanted(name));
  return Promise.all(
    chosen.map(async (one) => {
      const { name, part, options, expectation } = one;
      const root = join(folder, 'further');
      const target = await makeCase(join(root, name.replace(/[^\w.-]/g, '_')), one);
      return { name, input: `for ${part}`, part, request: { ...options, target }, expectation, root };
    }),
  );
}

async function write(judged: readonly Judged[], others: readonly Judged[]): Promise<void> {
  const file = join(workspaceRoot, 'benchmarks', 'data-layouts.md');
  await writeFile(file, tableOf(judged, others));
  console.log(`further data made by code:\n${countLines(others)}\nWritten: ${file}`);
}
