/** What a hint offers for data that cannot be used and may be left out. @param what is left out, such as "it" */
export function skipHint(what: string): string {
  return `train, evaluate and predict go on without ${what} with --skip-bad.`;
}
