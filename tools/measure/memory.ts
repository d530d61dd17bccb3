/**
 * Peak memory of a training process over 1,000 and over 10,000 photographs-sized JPEG images, on
 * cached features (linear probe) and on images decoded live (from scratch).
 *
 *   npm run measure -- memory
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { RandomStream } from '@headstart/core';
import { workspaceRoot } from '../workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';

const CLASSES = 10;
const SIDE = 320;

/** Images of coloured noise at several scales: they compress about as photographs do. */
async function makeImages(folder: string, count: number): Promise<void> {
  for (let label = 0; label < CLASSES; label++) await mkdir(join(folder, `class-${label}`), { recursive: true });
  const write = async (i: number) => {
    const random = new RandomStream('memory').child(i);
    const cell = 40;
    const pixels = Buffer.from(Array.from({ length: 3 * cell * cell }, () => random.int(256)));
    await sharp(pixels, { raw: { width: cell, height: cell, channels: 3 } })
      .resize(SIDE, SIDE)
      .jpeg({ quality: 85 })
      .toFile(join(folder, `class-${i % CLASSES}`, `${i}.jpg`));
  };
  for (let i = 0; i < count; i += 8)
    await Promise.all(Array.from({ length: Math.min(8, count - i) }, (_, j) => write(i + j)));
}

/** Peak resident memory of one training process, in MB. */
async function peak(folder: string, settings: string[], scratch: string): Promise<number> {
  const child = spawn(
    process.execPath,
    [...sourceArguments, join(workspaceRoot, 'tools/measure/train-and-report-memory.ts'), folder, scratch, ...settings],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...sourceEnvironment(), HEADSTART_FEATURES: join(scratch, 'features') },
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0) throw new Error(`Training failed with exit code ${String(code)}.`);
  return Number(output.trim());
}

const folder = await mkdtemp(join(tmpdir(), 'headstart-memory-'));
try {
  const sizes = [1000, 10_000];
  for (const size of sizes) await makeImages(join(folder, String(size)), size);
  for (const [name, source, strategy] of [
    ['linear probe on EfficientNet-Lite0', 'efficientnet-lite0', 'linear-probe'],
    ['small CNN from scratch, light augmentation', 'small-cnn', 'from-scratch'],
  ] as const) {
    const peaks: number[] = [];
    for (const size of sizes) {
      const scratch = join(folder, `${strategy}-${size}`);
      peaks.push(await peak(join(folder, String(size)), [source, strategy], scratch));
      await rm(scratch, { recursive: true, force: true });
    }
    console.log(
      `${name}: ${peaks[0]!.toFixed(0)} MB on 1,000 images, ${peaks[1]!.toFixed(0)} MB on 10,000: ratio ${(peaks[1]! / peaks[0]!).toFixed(2)}`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
