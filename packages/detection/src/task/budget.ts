/** Strategies that train the whole network on pictures, not on cached features. */
const WHOLE: ReadonlySet<string> = new Set(['fine-tune', 'lp-ft', 'l2-sp', 'gradual-unfreeze']);

const BATCH = 4;
/** What a detector of ten classes needs to come near what it can: `npm run measure -- scenes-table` has 500 and 1500. */
const STEPS = 1000;
const EPOCHS = { least: 5, most: 40 };

/** Epochs of small batches that come to about a thousand steps, more of them the fewer pictures there are. */
export function detectionBudget(strategy: string, samples: number): { epochs: number; batchSize: number } | undefined {
  if (!WHOLE.has(strategy)) return undefined;
  const epochs = Math.round(STEPS / Math.ceil(samples / BATCH));
  return { epochs: Math.min(EPOCHS.most, Math.max(EPOCHS.least, epochs)), batchSize: BATCH };
}
