/** Names that columns commonly have, in lower case, by what they hold. */
export const COLUMN_NAMES = {
  text: 'text sentence review content body comment message document tweet utterance phrase headline sentence1 text1 text_a premise question1 anchor'.split(
    ' ',
  ),
  pair: 'pair sentence2 text2 text_b hypothesis question2 positive'.split(' '),
  label:
    'label labels class category target sentiment intent emotion topic polarity tag tags genre class_name label_name'.split(
      ' ',
    ),
  split: ['split', 'subset'],
  score: 'score similarity similarity_score relatedness relatedness_score'.split(' '),
} as const;

export type TextColumn = keyof typeof COLUMN_NAMES;

export const TEXT_COLUMNS = Object.keys(COLUMN_NAMES) as TextColumn[];
