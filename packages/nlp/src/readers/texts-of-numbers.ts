import type { DataWarning } from '@headstart/core/readers';

/** A text of which so many words are numbers or codes says nothing in words. */
const WORDLESS = 0.8;
/** Texts are doubted where so many of them are of numbers or codes. */
const MOST = 0.5;
/** So many examples are kept. */
const EXAMPLES = 10;

/** Letters that numbers are written with: of an exponent, a hexadecimal number, a date with its time. */
const LETTERS_OF_NUMBERS = /(?<=\d)e(?=[-+]?\d)|0x[\da-f]+|(?<=\d)T(?=\d)|(?<=\d)Z$/gi;

/** Whether a text is of numbers for the most part: the boxes of a picture, a series of measurements, a date. */
export function isOfNumbers(text: string): boolean {
  return isMostly(text, (word) => !/\p{L}/u.test(word.replace(LETTERS_OF_NUMBERS, '0')));
}

/** Whether a text is of numbers and codes for the most part, such as identifiers, digests, part numbers and encoded bytes. */
export function isOfCodes(text: string): boolean {
  // Where words are written without blanks between them, a digit among them makes no code of a sentence.
  return isMostly(text, (word) => !/\p{L}/u.test(word.replace(/[a-z]/gi, '')));
}

/** Whether most words of a text have a digit and are like that. */
function isMostly(text: string, like: (word: string) => boolean): boolean {
  const words = text.split(/[\s|,;]+/).filter((word) => /[\p{L}\p{N}\p{S}]/u.test(word));
  const found = words.filter((word) => /\p{N}/u.test(word) && like(word)).length;
  return found > 0 && found >= WORDLESS * words.length;
}

/** Counts the texts that are of numbers or codes while they are read. */
export class TextsOfNumbers {
  #texts = 0;
  #count = 0;
  readonly #examples: string[] = [];

  add(text: string, id: string): void {
    this.#texts++;
    if (!isOfCodes(text)) return;
    if (this.#count++ < EXAMPLES) this.#examples.push(id);
  }

  warning(): DataWarning | undefined {
    if (this.#count === 0 || this.#count < MOST * this.#texts) return undefined;
    return {
      code: 'texts-of-numbers',
      message: `${this.#count} of ${this.#texts} texts are of numbers or codes, not of words: a text model learns little from what they mean.`,
      hint: 'Where they are boxes, measurements, identifiers or encoded bytes, give the data that they belong to; where the words are in another column, name it with --reader-option text-column=….',
      samples: this.#examples,
    };
  }
}
