import type { RegisteredDataset } from '../../domains/reader.ts';
import { pointDataset } from '../../testing/point-domain.ts';

/** Points moved and stretched: another domain of the same classes; half of them to adapt to, half to be tested on. */
export function elsewhere(id: string, half: 0 | 1): RegisteredDataset {
  return {
    ...pointDataset,
    id,
    async load(...args) {
      const data = await pointDataset.load(...args);
      const samples = data.samples.flatMap(({ sample }, i) => {
        const { point } = sample as unknown as { point: [number, number] };
        if (i % 2 !== half) return [];
        const moved = [1.5 * point[0] + 5, 1.5 * point[1] + 3] as const;
        return [{ sample: { ...sample, digest: `${id}-${sample.digest}`, point: moved }, split: 'test' as const }];
      });
      return { ...data, id, samples };
    },
  };
}
