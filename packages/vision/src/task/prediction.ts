/** A class and how sure the model is of it, 0 to 1. */
export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

/** What an image classifier says about one picture; `top` has up to five classes, the likeliest first. */
export interface ImagePrediction extends LabelProbability {
  readonly top: readonly LabelProbability[];
}

const TOP = 5;

/** Reads one row of probabilities. Of equal ones the class with the lower index comes first. */
export function rankPrediction(probabilities: Float32Array, labels: readonly string[]): ImagePrediction {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const top = order.slice(0, TOP).map((index) => ({ label: labels[index]!, probability: probabilities[index]! }));
  return { ...top[0]!, top };
}

/** Such as `cat 93.1% (dog 4.0%, fox 2.2%)`. */
export function describePrediction({ top }: ImagePrediction): string {
  const [first, ...others] = top.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)}%`);
  return others.length > 0 ? `${first} (${others.slice(0, 2).join(', ')})` : first!;
}
