/**
 * What is lost by taking the candidate of the highest score: the best result less that candidate's, in the results' unit. Of
 * candidates with the same score the first counts.
 *
 * @param results of the same candidates, larger being better
 */
export function regretAt1(scores: readonly number[], results: readonly number[]): number {
  const chosen = scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0);
  return Math.max(...results) - results[chosen]!;
}
