import type { DataWarning } from '@headstart/core/readers';

/** A text of which so many words are numbers says nothing in words. */
const NUMBERS = 0.8;
/** Texts are doubted where so many of them are of numbers. */
const MOST = 0.9;
/** So many examples are kept. */
const EXAMPLES = 10;

/** Numbers as measurements, boxes, identifiers, dates and times have them: `-0.25`, `1e-5`, `12:30`, `3/7`, `50%`. */
const NUMBER = /^[-+]?[\d.,:;/%-]*\d[\d.,:;/%-]*(?:e[-+]?\d+)?%?$/i;

/** Whether a text is of numbers for the most part: the boxes of a picture, a series of measurements, an identifier. */
export function isOfNumbers(text: string): boolean {
  const words = text.split(/[\s|,;]+/).filter((word) => word !== '');
  const numbers = words.filter((word) => NUMBER.test(word)).length;
  return numbers > 0 && numbers >= NUMBERS * words.length;
}

/** Counts the texts that are of numbers while they are read. */
export class TextsOfNumbers {
  #texts = 0;
  #count = 0;
  readonly #examples: string[] = [];

  add(text: string, id: string): void {
    this.#texts++;
    if (!isOfNumbers(text)) return;
    if (this.#count++ < EXAMPLES) this.#examples.push(id);
  }

  warning(): DataWarning | undefined {
    if (this.#count === 0 || this.#count < MOST * this.#texts) return undefined;
    return {
      code: 'texts-of-numbers',
      message: `${this.#count} of ${this.#texts} texts are of numbers, not of words: a text model learns nothing from what they mean.`,
      hint: 'Where they are boxes, measurements or identifiers, give the data that they belong to; where the words are in another column, name it with --reader-option text-column=….',
      samples: this.#examples,
    };
  }
}
