import { agreed } from './answers.ts';
import { holds, isFields, namesIn, objectsIn, type Fields, type PlainRow, type RecordLayout } from './record-layout.ts';

/** What a result of these types says of a text as a whole. */
const CHOICE_TYPES: Readonly<Record<string, (value: Fields) => unknown>> = {
  choices: ({ choices }) => choices,
  taxonomy: ({ taxonomy }) => (Array.isArray(taxonomy) ? taxonomy.map((path) => [path].flat().join('/')) : undefined),
  rating: ({ rating }) => [rating],
};

/**
 * Label Studio's JSON: `data` has what was shown, `annotations` (`completions` in old versions) the answers, each with
 * results that name the question (`from_name`). Every question about the text as a whole is a column.
 */
export const labelStudio: RecordLayout = {
  view(columns, first) {
    const answers = ['annotations', 'completions'].find((name) => columns.includes(name));
    if (answers === undefined || !holds(first, 'data', isFields) || !holds(first, answers, Array.isArray))
      return undefined;
    const results = first.flatMap((record) => objectsIn(record[answers]).flatMap(({ result }) => objectsIn(result)));
    const questions = namesIn([
      results.filter((result) => chosenIn(result)).map(({ from_name: name }) => String(name)),
    ]);
    const data = namesIn(first.map((record) => Object.keys(record['data'] as Fields)));
    const names = questions.map((question) => (data.includes(question) ? `${question} (answer)` : question));
    return {
      layout: 'Label Studio',
      columns: [...data, ...names],
      labels: names,
      rows: (record) => [rowOf(record, answers, questions, names)],
    };
  },
};

function rowOf(record: Fields, answers: string, questions: readonly string[], names: readonly string[]): PlainRow {
  const given = objectsIn(record[answers]).filter((answer) => answer['was_cancelled'] !== true);
  const values: Record<string, unknown> = isFields(record['data']) ? { ...record['data'] } : {};
  let unlabelled: string | undefined;
  questions.forEach((question, i) => {
    const found = agreed(
      given.flatMap(({ result }) => {
        const chosen = objectsIn(result).filter(({ from_name: name }) => name === question);
        const labels = chosen.flatMap((each) => chosenIn(each) ?? []);
        return labels.length > 0 ? [labels] : [];
      }),
    );
    if ('labels' in found) values[names[i]!] = found.labels;
    else if (questions.length === 1) ({ unlabelled } = found);
  });
  return { values, unlabelled };
}

/** What a result chose; undefined where it marks a part of a text, or draws. */
function chosenIn(result: Fields): readonly unknown[] | undefined {
  const pick = typeof result['type'] === 'string' ? CHOICE_TYPES[result['type']] : undefined;
  const chosen = pick && isFields(result['value']) ? pick(result['value']) : undefined;
  return Array.isArray(chosen) ? (chosen as unknown[]) : undefined;
}
