/** What several annotators said of a record, a list of names each. */
export type Answers = readonly (readonly unknown[])[];

/** The answer on which all annotators agree; why there is none, otherwise. */
export function agreed(answers: Answers): { labels: readonly unknown[] } | { unlabelled: string } {
  const [first, ...others] = answers;
  if (!first) return { unlabelled: 'nobody has labelled it' };
  const key = (answer: readonly unknown[]) => answer.map(String).sort().join('\n');
  const different = others.find((answer) => key(answer) !== key(first));
  if (!different) return { labels: first };
  return { unlabelled: `its annotators disagree: ${said(first)} and ${said(different)}` };
}

function said(answer: readonly unknown[]): string {
  return answer.length === 0 ? 'nothing' : `"${answer.map(String).join(', ')}"`;
}
