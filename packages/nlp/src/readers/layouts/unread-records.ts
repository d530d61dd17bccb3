import type { RecognisedLayout } from '@headstart/core/readers';
import { columnsNamed } from '../column-names.ts';
import { holds, isFields, objectsIn, type Fields } from './record-layout.ts';

/** Records that say something else of texts than which class they are of. */
interface UnreadRecords extends RecognisedLayout {
  readonly fits: (columns: readonly string[], first: readonly Fields[]) => boolean;
}

const WHOLE_TEXTS =
  'Texts are classified as a whole here: export one label per text, such as {"text": "…", "label": "…"} a line.';

const UNREAD: readonly UnreadRecords[] = [
  {
    layout: 'chats (lists of messages, as for fine-tuning a chat model)',
    hint: 'Write each chat as a text and its label: {"text": "what was said", "label": "its class"} a line.',
    fits: (columns, first) =>
      ['messages', 'conversations', 'conversation'].some(
        (name) => columns.includes(name) && holds(first, name, isChat),
      ),
  },
  {
    layout: 'marked parts of texts (named entities, as doccano, Prodigy and spaCy write them)',
    hint: WHOLE_TEXTS,
    fits: (columns, first) => {
      const labels = columnsNamed(columns, 'label').map((index) => columns[index]!);
      const names = labels.length > 0 ? labels : ['entities', 'spans', 'annotations'];
      return names.some(
        (name) => columns.includes(name) && holds(first, name, isSpans) && first.some((each) => isFilled(each[name])),
      );
    },
  },
  {
    layout: 'a tag for each word (token classification, as CoNLL has it)',
    hint: WHOLE_TEXTS,
    fits: (columns, first) =>
      ['tokens', 'words'].some((name) => columns.includes(name) && holds(first, name, Array.isArray)) &&
      columns.some((name) => /tags?$|^labels?$/i.test(name) && holds(first, name, Array.isArray)),
  },
  {
    layout: 'questions with answers in a passage (as SQuAD has them)',
    hint: 'Questions are not answered here. To classify them, add a column of classes and name it with label-column.',
    fits: (columns) => ['question', 'context', 'answers'].every((name) => columns.includes(name)),
  },
  {
    layout: 'instructions with their responses (as Alpaca has them)',
    hint: 'Texts are not written here. To classify them, add a column of classes and name it with label-column.',
    fits: (columns) => columns.includes('instruction') && ['output', 'response'].some((name) => columns.includes(name)),
  },
  {
    layout: 'answers that are preferred and rejected',
    hint: 'To classify such texts, write each as a row with its label.',
    fits: (columns) => ['chosen', 'rejected'].every((name) => columns.includes(name)),
  },
];

/** What records are of that are texts and not read; undefined for all others. */
export function unreadRecords(columns: readonly string[], first: readonly Fields[]): RecognisedLayout | undefined {
  const found = UNREAD.find(({ fits }) => fits(columns, first));
  return found && { layout: found.layout, hint: found.hint };
}

function isChat(value: unknown): boolean {
  const turns = objectsIn(value);
  return turns.length > 0 && turns.every((turn) => 'content' in turn || 'value' in turn);
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** Parts of a text: `[0, 5, "PER"]`, or an object that says where one begins. */
function isSpans(value: unknown): boolean {
  return Array.isArray(value) && value.every(isSpan);
}

function isSpan(value: unknown): boolean {
  if (Array.isArray(value))
    return value.length > 2 && value.slice(0, 2).every((each) => Number.isInteger(Number(each)));
  return isFields(value) && ['start', 'start_offset', 'startOffset', 'start_char'].some((name) => name in value);
}
