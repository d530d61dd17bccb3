import type { TargetData } from '../domains/target-domain.ts';
import { countedLabels } from '../inspection/count-splits.ts';

/** How often each class occurs: in samples, or in objects where samples have objects. */
export function countedInClasses({ labels, samples }: TargetData): number[] {
  const counts = labels.map(() => 0);
  for (const { sample } of samples) for (const label of countedLabels(sample)) counts[label]!++;
  return counts;
}
