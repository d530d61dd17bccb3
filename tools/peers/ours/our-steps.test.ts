import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runTask, type PictureTask } from '../contestant.ts';

it('trains by the trainer, in a process of its own, from weights that it wrote, and reports steps, losses and order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headstart-our-steps-'));
  try {
    const [count, side, classes] = [24, 28, 3];
    const [images, labels] = [join(folder, 'pixels'), join(folder, 'labels')];
    await writeFile(
      images,
      Uint8Array.from({ length: count * side * side }, (_, i) => (i * 31) % 256),
    );
    await writeFile(
      labels,
      Uint8Array.from({ length: count }, (_, i) => i % classes),
    );
    const task: PictureTask = {
      kind: 'train',
      network: 'small-cnn',
      data: { images, labels, count, height: side, width: side, channels: 1 },
      weights: join(folder, 'small-cnn.safetensors'),
      threads: 1,
      classes,
      batch: 8,
      warmup: 1,
      steps: 2,
      learningRate: 1e-3,
      weightDecay: 0,
      pictures: count,
      trainCount: count,
      epochs: 1,
    };
    const ours = { name: 'Headstart', library: 'headstart', settings: [] } as const;
    await runTask({ python: '', folder }, ours, { ...task, kind: 'weights' });
    const { losses, order, stepMilliseconds } = await runTask({ python: '', folder }, ours, task);
    expect(stepMilliseconds).toHaveLength(2);
    expect(losses).toHaveLength(3);
    for (const loss of losses!) expect(loss).toBeCloseTo(Math.log(classes), 0);
    expect(order!.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  } finally {
    await rm(folder, { recursive: true });
  }
});
