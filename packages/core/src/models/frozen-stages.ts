import type { TransferModel } from '../network/transfer-model.ts';
import type { UnsavedCard } from './card-schema.ts';

/**
 * The number of leading stages of the backbone that the model's training left as they were opened; 0 where the card
 * does not say.
 */
export function frozenStages({ training: { phases } }: UnsavedCard, model: TransferModel): number {
  if (!phases) return 0;
  const untouched = phases.map(({ trainable }) => model.frozenPrefix(trainable));
  return Math.min(model.backbone.stages.length, ...untouched);
}
