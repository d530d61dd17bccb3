/**
 * Peak memory of a process that learns from 10,000 and from 100,000 texts of a CSV file, or from as many as
 * are given: read, embedded by a small network, a head trained on the cached embeddings, evaluated with intervals.
 *
 *   npm run measure -- text-memory [texts...]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@headstart/core';
import { workspaceRoot } from '../workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';

const given = process.argv.slice(2).map(Number);
const SIZES = given.length > 0 ? given : [10_000, 100_000];
const CLASSES = 4;
const WORDS = 48;

/** Texts of some 300 characters with line breaks and quotes; each class prefers its own words. */
async function makeTexts(path: string, count: number): Promise<void> {
  const file = createWriteStream(path);
  file.write('text,label\n');
  for (let i = 0; i < count; i++) {
    const random = new RandomStream('text-memory').child(i);
    const label = i % CLASSES;
    const words = Array.from({ length: WORDS }, () =>
      random.next() < 0.3 ? `w${label}x${random.int(20)}` : `word${random.int(5000)}`,
    );
    if (!file.write(`"${words.slice(0, 9).join(' ')}\n""${words.slice(9).join(' ')}""",class ${label}\n`))
      await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** Peak resident memory of one training process, in MB. */
async function peak(table: string, scratch: string): Promise<number> {
  const child = spawn(
    process.execPath,
    [...sourceArguments, join(workspaceRoot, 'tools/measure/train-texts-and-report-memory.ts'), table, scratch],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...sourceEnvironment(), HEADSTART_FEATURES: join(scratch, 'features') },
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`Training failed with exit code ${String(code)}.`);
  console.log(output.trim());
  return Number(/peak ([\d.]+)/.exec(output)![1]);
}

const folder = await mkdtemp(join(tmpdir(), 'headstart-text-memory-'));
try {
  const peaks: number[] = [];
  for (const size of SIZES) {
    const table = join(folder, `${size}.csv`);
    await makeTexts(table, size);
    peaks.push(await peak(table, join(folder, `run-${size}`)));
  }
  console.log(
    `${SIZES.map((size, i) => `${peaks[i]!.toFixed(0)} MB on ${size} texts`).join(', ')}: ratio ${(peaks.at(-1)! / peaks[0]!).toFixed(2)}`,
  );
} finally {
  await rm(folder, { recursive: true });
}
