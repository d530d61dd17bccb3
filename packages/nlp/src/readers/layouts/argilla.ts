import { agreed } from './answers.ts';
import { holds, isFields, namesIn, objectsIn, type Fields, type PlainRow, type RecordLayout } from './record-layout.ts';

const DISCARDED = 'discarded records';

/** Argilla 1: `text` (or `inputs` with several), `annotation`, and a `status` that says whether it counts. */
export const argilla: RecordLayout = {
  view(columns, first) {
    if (!['annotation', 'status'].every((name) => columns.includes(name))) return undefined;
    if (!columns.includes('inputs') && !columns.includes('prediction')) return undefined;
    const inputs = namesIn(first.map(({ inputs: shown }) => (isFields(shown) ? Object.keys(shown) : [])));
    const text = columns.includes('text') && holds(first, 'text', (value) => typeof value === 'string');
    return {
      layout: 'Argilla',
      columns: [...(text ? ['text'] : inputs), 'annotation'],
      labels: ['annotation'],
      text: text ? 'text' : undefined,
      rows: (record) => [
        {
          values: { ...(isFields(record['inputs']) && record['inputs']), ...record },
          leftOut: statusOf(record) === 'discarded' ? DISCARDED : undefined,
        },
      ],
    };
  },
};

/** Argilla 2: `fields` that were shown and `responses` by question, each a list with a `value` per annotator. */
export const argilla2: RecordLayout = {
  view(_columns, first) {
    if (!holds(first, 'fields', isFields) || !holds(first, 'responses', isFields)) return undefined;
    const fields = namesIn(first.map(({ fields: shown }) => (isFields(shown) ? Object.keys(shown) : [])));
    const questions = namesIn(first.map(({ responses }) => (isFields(responses) ? Object.keys(responses) : [])));
    const names = questions.map((question) => (fields.includes(question) ? `${question} (response)` : question));
    return {
      layout: 'Argilla',
      columns: [...fields, ...names],
      labels: names,
      rows: (record) => [responded(record, questions, names)],
    };
  },
};

function responded(record: Fields, questions: readonly string[], names: readonly string[]): PlainRow {
  const responses = isFields(record['responses']) ? record['responses'] : {};
  const values: Record<string, unknown> = isFields(record['fields']) ? { ...record['fields'] } : {};
  let unlabelled: string | undefined;
  let discarded = false;
  questions.forEach((question, i) => {
    const all = objectsIn(responses[question]);
    const submitted = all.filter((response) => ['', 'submitted'].includes(statusOf(response)));
    discarded ||= all.length > 0 && all.every((response) => statusOf(response) === 'discarded');
    const found = agreed(submitted.map(({ value }) => (Array.isArray(value) ? (value as unknown[]) : [value])));
    if ('labels' in found) values[names[i]!] = Array.isArray(submitted[0]!['value']) ? found.labels : found.labels[0];
    else if (questions.length === 1) ({ unlabelled } = found);
  });
  return { values, unlabelled, leftOut: discarded ? DISCARDED : undefined };
}

function statusOf({ status }: Fields): string {
  return typeof status === 'string' ? status.toLowerCase() : '';
}
