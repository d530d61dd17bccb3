import type { Dataset, Sample } from '../domains/target-domain.ts';
import { findMistakes } from '../inspection/mistakes/find-mistakes.ts';
import { mistakesPage } from '../inspection/mistakes/mistakes-page.ts';
import type { Evaluator } from '../metrics/evaluator.ts';
import { viewOf } from './prepare-target.ts';
import { wordWeights, type TextModel } from './word-weights.ts';

/** Whether the worst mistakes of an evaluation can be shown where its evaluator writes no page of its own: those of classes and labels. */
export function showsMistakes(task: TextModel['task'], evaluator: Evaluator): boolean {
  const kind = evaluator.evidence?.().kind;
  return task.view !== undefined && (kind === 'classification' || kind === 'multi-label');
}

/** The page of the worst mistakes of an evaluation that has ended. @param samples that it judged, in their order */
export async function pageOfMistakes(
  title: string,
  model: TextModel,
  evaluator: Evaluator,
  samples: Dataset<Sample>,
): Promise<string> {
  const view = viewOf(model.task);
  const sample = (place: number) => samples.get(place);
  const single = (each: Sample) => view(each).texts?.length === 1;
  return mistakesPage({
    title: `Worst mistakes of ${title}`,
    judged: samples.length,
    mistakes: findMistakes(evaluator.evidence!()) ?? [],
    sample,
    view,
    ...(samples.length > 0 &&
      single(samples.get(0)) && {
        weigh: ({ place, label }) => {
          const own = sample(place);
          return wordWeights(model, { sample: own, text: view(own).texts![0]!, label });
        },
      }),
  });
}
