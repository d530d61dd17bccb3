import { setImmediate } from 'node:timers/promises';
import type { HostEmbedder } from './host-embedder.ts';

interface Waiting {
  readonly text: string;
  readonly resolve: (vector: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One text at a time on the outside, batches on the inside: texts that are asked for side by side go through the
 * network together, those of like length in one batch, so that little is padding. Batches run one after another.
 */
export function gatherTexts(embedder: HostEmbedder): (text: string) => Promise<Float32Array> {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const work = async () => {
    await setImmediate(); // all that are asked for in this turn come along
    while (waiting.length > 0) {
      const taken = waiting.sort((a, b) => a.text.length - b.text.length);
      waiting = [];
      for (let from = 0; from < taken.length; from += embedder.batch)
        await run(embedder, taken.slice(from, from + embedder.batch));
    }
    running = undefined;
  };
  return (text) =>
    new Promise((resolve, reject) => {
      waiting.push({ text, resolve, reject });
      running ??= work();
    });
}

async function run(embedder: HostEmbedder, batch: readonly Waiting[]): Promise<void> {
  try {
    const vectors = await embedder.embed(batch.map(({ text }) => text));
    batch.forEach(({ resolve }, i) => resolve(vectors.slice(i * embedder.width, (i + 1) * embedder.width)));
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
