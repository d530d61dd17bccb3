import { HeadstartError } from '@headstart/artifacts/errors';

/** A label and how likely it is. */
export interface Ranked {
  readonly label: string;
  readonly probability: number;
}

/** The ranked labels of a prediction that has some. */
export function ranked(prediction: unknown): readonly Ranked[] | undefined {
  const top = (prediction as { top?: readonly Ranked[] } | null)?.top;
  return Array.isArray(top) ? top : undefined;
}

/**
 * The prediction with its `k` likeliest labels.
 * @param labels how many the model has
 * @throws HeadstartError `not-supported` where it ranks none; `invalid-option` where it ranks fewer of them
 */
export function keepTop(prediction: unknown, k: number, labels: number): unknown {
  const top = ranked(prediction);
  if (top === undefined) {
    throw new HeadstartError({
      code: 'not-supported',
      message: "This model's predictions are not ranked labels.",
      hint: 'Ask for whole predictions, without top.',
    });
  }
  if (k > top.length && top.length < labels) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The top ${k} asks for more labels than the model ranks: ${top.length} of ${labels}.`,
      hint: `Ask for ${top.length} at most.`,
    });
  }
  return { ...(prediction as object), top: top.slice(0, k) };
}
