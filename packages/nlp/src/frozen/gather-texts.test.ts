import { describe, expect, it } from 'vitest';
import { gatherTexts } from './gather-texts.ts';
import type { HostEmbedder } from './host-embedder.ts';

/** Gives a text its length and its first character's code, and notes what came together. */
class LengthEmbedder implements HostEmbedder {
  readonly identity = 'length';
  readonly runtime = 'here';
  readonly width = 2;
  readonly batch = 2;
  readonly batches: string[][] = [];
  #running = 0;

  async embed(texts: readonly string[]): Promise<Float32Array> {
    expect(this.#running++, 'batches run at the same time').toBe(0);
    this.batches.push([...texts]);
    await new Promise((resolve) => setImmediate(resolve));
    this.#running--;
    if (texts.includes('bad')) throw new Error('a bad text');
    return Float32Array.from(texts.flatMap((text) => [text.length, text.charCodeAt(0)]));
  }

  dispose(): void {}
}

describe('gatherTexts', () => {
  it('puts texts of like length in one batch and gives each its own vector', async () => {
    const embedder = new LengthEmbedder();
    const embed = gatherTexts(embedder);
    const vectors = await Promise.all(['aaaa', 'b', 'ccccc', 'dd', 'e'].map(embed));
    expect(vectors.map((vector) => [...vector])).toEqual([
      [4, 97],
      [1, 98],
      [5, 99],
      [2, 100],
      [1, 101],
    ]);
    expect(embedder.batches).toEqual([['b', 'e'], ['dd', 'aaaa'], ['ccccc']]);
  });

  it('takes what was asked for while a batch ran, and what comes later', async () => {
    const embedder = new LengthEmbedder();
    const embed = gatherTexts(embedder);
    const first = embed('x');
    await new Promise((resolve) => setImmediate(resolve));
    const second = embed('yy');
    expect([...(await first), ...(await second)]).toEqual([1, 120, 2, 121]);
    expect([...(await embed('zzz'))]).toEqual([3, 122]);
    expect(embedder.batches).toEqual([['x'], ['yy'], ['zzz']]);
  });

  it('tells a failure to those in its batch only', async () => {
    const embed = gatherTexts(new LengthEmbedder());
    const results = await Promise.allSettled(['bad', 'oh', 'longer'].map(embed));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });
});
