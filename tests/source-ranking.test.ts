import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createArtifacts, createHeadstart, type Headstart } from '@headstart/core';
import vision from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Real pictures by the real network, with features of its own. */
describe('sources ranked for emoji', () => {
  let folder: string;
  let headstart: Headstart;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-ranking-'));
    headstart = await createHeadstart({
      backend: await openBackend({ prefer: 'libtensorflow' }),
      plugins: [vision()],
      cacheRoot: folder,
      artifacts: createArtifacts(),
    });
  });
  afterAll(async () => {
    await headstart.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are scored by layer, and by what their own classifier says', async () => {
    const asked = { target: 'emoji-google', samples: 90 };
    const { candidates, refused, samples, sources } = await headstart.rankSources(asked);
    expect(samples).toBeLessThanOrEqual(90);
    expect(candidates.map(({ layer, width }) => `${layer} ${width}`).sort()).toEqual([
      'block2 24',
      'block3 40',
      'block5 112',
      'block7 320',
      'pooled 1280',
      'top 1280',
    ]);
    expect(candidates.filter(({ last }) => last).map(({ layer }) => layer)).toEqual(['pooled']);
    // The pooled layer is the average of the top one over its cells.
    const accuracyOf = (layer: string) => candidates.find((each) => each.layer === layer)!.score;
    expect(accuracyOf('pooled')).toBeCloseTo(accuracyOf('top'), 1);
    // Nine categories, the largest a quarter of them.
    expect(candidates[0]!.score).toBeGreaterThan(0.4);
    expect(sources).toMatchObject([{ source: 'efficientnet-lite0', reused: 0, computed: samples }]);
    expect(refused).toMatchObject([{ source: 'small-cnn', code: 'not-supported' }]);

    const again = await headstart.rankSources({ ...asked, score: 'leep' });
    expect(again.sources).toMatchObject([{ reused: samples, computed: 0 }]);
    expect(again.candidates.map(({ layer }) => layer)).toEqual(['pooled']);
    // A guess by the classes' shares has minus their entropy, which is ln 9 at most.
    expect(again.candidates[0]!.score).toBeGreaterThan(-Math.log(9));
    expect(again.candidates[0]!.score).toBeLessThan(0);
  });
});
