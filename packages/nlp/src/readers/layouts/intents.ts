import { holds, type RecordLayout } from './record-layout.ts';

const INTENT = ['tag', 'intent', 'name'];
const EXAMPLES = ['patterns', 'examples', 'utterances', 'text', 'texts', 'phrases'];

/** Intents of a chat program: each record has an intent's name and a list of what people say for it. */
export const intents: RecordLayout = {
  view(columns, first) {
    const strings = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');
    const examples = EXAMPLES.find((name) => columns.includes(name) && holds(first, name, strings));
    const intent = INTENT.find(
      (name) => columns.includes(name) && holds(first, name, (each) => typeof each === 'string'),
    );
    if (examples === undefined || intent === undefined) return undefined;
    return {
      layout: "a chat program's intents",
      columns: [examples, intent],
      text: examples,
      labels: [intent],
      rows: (record) => {
        const texts = Array.isArray(record[examples]) ? (record[examples] as unknown[]) : [];
        return texts.map((text) => ({ values: { [examples]: text, [intent]: record[intent] } }));
      },
    };
  },
};
