/**
 * Peak memory and time of `inspect` over 10,000, 50,000 and 100,000 pictures and rows, beside reading them alone.
 *
 *   npm run measure -- inspect-memory [pictures|rows]
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drawPicture } from '../data-layouts/draw-picture.ts';
import { workspaceRoot } from '../workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';

const SIZES = [10_000, 50_000, 100_000];
const CLASSES = 10;

/** A JPEG with a comment of its own (ITU T.81, B.2.4.5): no two files are alike, and none has to be encoded. */
function numbered(jpeg: Buffer, n: number): Buffer {
  const comment = Buffer.alloc(10);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(8, 2);
  comment.writeUInt32BE(n, 4);
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
}

async function makePictures(folder: string, count: number): Promise<string> {
  const jpegs = await Promise.all(
    Array.from({ length: CLASSES }, (_, n) => drawPicture(n, { format: 'jpeg', width: 64, height: 64 })),
  );
  for (let label = 0; label < CLASSES; label++) await mkdir(join(folder, `class-${label}`), { recursive: true });
  for (let n = 0; n < count; n++)
    await writeFile(join(folder, `class-${n % CLASSES}`, `${n}.jpg`), numbered(jpegs[n % CLASSES]!, n));
  return folder;
}

async function makeRows(folder: string, count: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const rows = Array.from(
    { length: count },
    (_, n) =>
      `"Review number ${n}: it lasted ${n % 97} days, and then ${n % 2 ? 'it broke' : 'I bought another'}.",${n % CLASSES}`,
  );
  const path = join(folder, 'reviews.csv');
  await writeFile(path, `text,label\n${rows.join('\n')}\n`);
  return path;
}

const kinds = {
  pictures: { make: makePictures, reader: 'image-folder' },
  rows: { make: makeRows, reader: 'text-table' },
};

async function run(what: 'inspect' | 'read', target: string, reader: string) {
  const program = join(workspaceRoot, 'tools/measure/inspect-and-report-memory.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...sourceArguments, program, what, target, reader], {
    env: sourceEnvironment(),
  });
  return JSON.parse(stdout) as { seconds: number; megabytes: number };
}

const wanted = process.argv.slice(2);
const root = await mkdtemp(join(tmpdir(), 'headstart-inspect-memory-'));
try {
  console.log(
    '| data | inspect, MB | inspect, s | reading alone, MB | reading alone, s |\n| --- | ---: | ---: | ---: | ---: |',
  );
  for (const [name, { make, reader }] of Object.entries(kinds)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const size of SIZES) {
      const target = await make(join(root, `${name}-${size}`), size);
      // Once before, so that both find the files in the system's cache.
      await run('read', target, reader);
      const [inspected, read] = [await run('inspect', target, reader), await run('read', target, reader)];
      const cells = [
        inspected.megabytes.toFixed(0),
        inspected.seconds.toFixed(1),
        read.megabytes.toFixed(0),
        read.seconds.toFixed(1),
      ];
      console.log(`| ${size.toLocaleString('en')} ${name} | ${cells.join(' | ')} |`);
      await rm(join(root, `${name}-${size}`), { recursive: true });
    }
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
