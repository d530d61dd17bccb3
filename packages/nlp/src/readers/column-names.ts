/** What a column of a table of texts may hold, beside the split. */
export type TextRole = 'text' | 'pair' | 'label' | 'score';

export const TEXT_ROLES: readonly TextRole[] = ['text', 'pair', 'label', 'score'];

/** Names that columns commonly have, in lower case, by what they hold: in a table, the first list comes before the second. */
const NAMES: Readonly<Record<TextRole | 'rating', readonly [usual: string, further: string]>> = {
  text: [
    'text sentence review content body comment message document tweet utterance phrase headline sentence1 text1 text_a premise question1 anchor',
    'reviewtext reviewbody commenttext commentbody messagetext tweettext fulltext cleantext cleanedtext documenttext selftext data',
  ],
  pair: ['pair sentence2 text2 text_b hypothesis question2 positive', ''],
  label: [
    'label labels class category target sentiment intent emotion topic polarity tag tags genre class_name label_name',
    'choice annotation labeltext goldlabel isspam isduplicate airlinesentiment',
  ],
  score: ['score similarity similarity_score relatedness relatedness_score', ''],
  /** Numbers that people give: classes, where a table has no column of labels. */
  rating: ['rating ratings stars star', 'starrating reviewrating overall'],
};

/** Names of labels that tables also give to what their texts are about: beside a rating, neither is the label for sure. */
const SUBJECTS = ['category', 'classname', 'genre', 'tag', 'tags'];

/** The first texts that second texts go with: beside others, a column of such a name is none. */
const PARTNERS: Readonly<Record<string, readonly string[]>> = {
  pair: ['text', 'sentence'],
  sentence2: ['sentence1', 'sentence'],
  text2: ['text1', 'text'],
  textb: ['texta', 'text'],
  hypothesis: ['premise'],
  question2: ['question1'],
  positive: ['anchor'],
};

/** The columns that bear a role's usual names or, where there is none, further ones and other spellings (`Review Text`). */
export function columnsNamed(header: readonly string[], role: keyof typeof NAMES): number[] {
  const [usual, further] = NAMES[role].map((list) => list.split(' '));
  const found = columnsWhere(header, (name) => usual!.includes(name.toLowerCase()));
  if (found.length > 0) return found;
  const plain = [...usual!, ...further!].map(plainName);
  return columnsWhere(header, (name) => name !== '' && plain.includes(plainName(name)));
}

/** Whether a name is one of labels and of what texts are about. */
export function mayBeSubject(name: string): boolean {
  return SUBJECTS.includes(plainName(name));
}

/** Whether a column of second texts goes with one of first texts, by their names. */
export function arePartners(text: string, pair: string): boolean {
  return PARTNERS[plainName(pair)]?.includes(plainName(text)) ?? false;
}

/** A name as names are compared: `Review Text`, `reviewText` and `review_text` are one. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}

function columnsWhere(header: readonly string[], fits: (name: string) => boolean): number[] {
  return header.flatMap((name, index) => (fits(name) ? [index] : []));
}
