import type { DataWarning } from '../domains/reading-notes.ts';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import { plural, type LookedAt } from './looked-at.ts';

/**
 * Among fewer samples, one of them moves a share of right answers by more than 5 points (1 / 20), which is more than what
 * epochs and settings differ by as a rule: to choose by it is to draw lots.
 */
const LEAST_TO_CHOOSE_BY = 20;

/** Splits that cannot do what they are for. */
export function splitWarnings({ splits, samples, assigned }: LookedAt): DataWarning[] {
  return [...smallValidation(samples.validation, assigned), ...withoutTruth(splits)];
}

function smallValidation(validation: number, assigned: boolean): DataWarning[] {
  if (validation >= LEAST_TO_CHOOSE_BY || (validation === 0 && !assigned)) return [];
  const points = (100 / validation).toFixed(0);
  return [
    {
      code: 'small-validation',
      message:
        validation === 0
          ? 'There is no validation split: nothing to choose or stop by.'
          : `The validation split has ${plural(validation, 'sample')}: one of them changes accuracy by ${points} points, too few to choose by.`,
      hint: assigned
        ? 'Move samples from train to validation.'
        : 'Add samples, or give validation a larger share with --split, such as --split 60/20/20.',
      samples: [],
    },
  ];
}

/** Splits of which nothing is known, where there is something to learn from. */
function withoutTruth(splits: LookedAt['splits']): DataWarning[] {
  if (!some(splits.train, says)) return [];
  return (['validation', 'test'] as const).flatMap((name) => {
    const split = splits[name];
    if (split.length === 0 || some(split, says)) return [];
    const boxes = split.get(0).objects !== undefined;
    return [
      {
        code: 'split-without-labels',
        message: `No sample of the ${name} split has a ${boxes ? 'box' : 'label'}: what is measured there means nothing.`,
        hint: `Annotate the ${name} split, or leave its folder or rows out.`,
        samples: [split.get(0).id],
      },
    ];
  });
}

function says({ label, labels, score, objects }: Sample): boolean {
  return label !== undefined || score !== undefined || (labels?.length ?? 0) > 0 || (objects?.length ?? 0) > 0;
}

function some(split: Dataset<Sample>, test: (sample: Sample) => boolean): boolean {
  for (let i = 0; i < split.length; i++) if (test(split.get(i))) return true;
  return false;
}
