/**
 * How many of n samples go to training, validation and test: at least one to training and, where there is a test
 * share, one to the test split; undefined where both cannot have one.
 *
 * @param shares add up to 1
 */
export function allot(
  n: number,
  [, validationShare, testShare]: readonly [train: number, validation: number, test: number],
): [train: number, validation: number, test: number] | undefined {
  if (testShare > 0 && n < 2) return undefined;
  const test = testShare > 0 ? Math.min(n - 1, Math.max(1, Math.round(n * testShare))) : 0;
  const room = n - test - 1;
  const validation = Math.min(Math.round(n * validationShare), room);
  return [n - test - validation, validation, test];
}
