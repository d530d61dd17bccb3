/**
 * A benchmark's folder, altered in one bit at a time, and whether `verify` finds each alteration: bits of all of its
 * files in turn, drawn by a fixed seed, on a copy. Ends with 1 where one is not found.
 *
 *   npm run measure -- bench-tamper <folder> [alterations=200]
 */
import { verifyBench } from '@headstart/bench';
import { silentProgress } from '@headstart/core';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { DrawnFlips } from './flips/drawn-flips.ts';
import { compose } from '../workspace/compose.ts';

const [folder, count = 'alterations=200'] = process.argv.slice(2);
const alterations = Number(/^alterations=(\d+)$/.exec(count)?.[1]);
if (folder === undefined || !(alterations > 0)) {
  console.error('Usage: npm run measure -- bench-tamper <folder> [alterations=200]');
  process.exit(2);
}
const headstart = await compose(silentProgress);
const copy = await mkdtemp(join(tmpdir(), 'headstart-tamper-'));
try {
  await cp(folder, copy, { recursive: true });
  const { records, numbers, findings } = await verifyBench(headstart, copy, { rerun: 0 });
  console.log(`${folder}: ${records} records, ${numbers} numbers; as it is: ${findings.length} findings`);
  for (const { file, what } of findings) console.log(`  ${file}: ${what}`);
  const found = new Map<string, [found: number, of: number]>();
  const missed: string[] = [];
  const all = await files(copy);
  const drawn = new DrawnFlips();
  for (let i = 0; i < alterations; i++) {
    const name = all[drawn.below(all.length)]!;
    const path = join(copy, name);
    const bytes = await readFile(path);
    const { altered, at } = drawn.of(bytes);
    await writeFile(path, altered);
    const seen = (await verifyBench(headstart, copy, { rerun: 0 })).findings.length > 0;
    await writeFile(path, bytes);
    const kind = found.get(extname(name)) ?? [0, 0];
    found.set(extname(name), [kind[0] + Number(seen), kind[1] + 1]);
    if (!seen) missed.push(`${name}, byte ${at}`);
  }
  for (const [kind, [seen, of]] of found) console.log(`${kind.padEnd(10)} ${seen} of ${of} found`);
  for (const each of missed) console.log(`not found: ${each}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await rm(copy, { recursive: true });
  await headstart.close();
}

/** The files below a folder, those without a byte apart. */
async function files(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true });
  const kept: string[] = [];
  for (const name of names.sort()) {
    const found = await stat(join(root, name));
    if (found.isFile() && found.size > 0) kept.push(name);
  }
  return kept;
}
