/** Pieces of text with the logarithm of their probability; a piece's place is its number. */
export type PieceVocabulary = readonly (readonly [piece: string, score: number])[];

/** What stands for a space, and before the text. */
const SPACE = '\u2581';
const UNKNOWN = 0;

/**
 * Cuts a text into the pieces of a unigram language model, the likeliest way (Kudo, 2018; Viterbi's algorithm). A
 * character at which no piece begins is unknown; neighbours that are unknown count as one.
 */
export class UnigramPieces {
  readonly #numbers = new Map<string, number>();
  readonly #longest: number;

  /** @param reserved how many of the first pieces are not pieces of text */
  constructor(
    private readonly vocabulary: PieceVocabulary,
    reserved: number,
  ) {
    let longest = 1;
    for (let number = reserved; number < vocabulary.length; number++) {
      const [piece] = vocabulary[number]!;
      this.#numbers.set(piece, number);
      longest = Math.max(longest, [...piece].length);
    }
    this.#longest = longest;
  }

  /** The numbers of a text's pieces, NFKC-normalised; none for an empty text. */
  encode(text: string): number[] {
    const normal = text.normalize('NFKC');
    if (normal === '') return [];
    const characters = [...(SPACE + normal.replaceAll(' ', SPACE))];
    const best = new Float64Array(characters.length + 1).fill(-Infinity);
    const last: { number: number; from: number }[] = [];
    best[0] = 0;
    for (let from = 0; from < characters.length; from++) {
      const consider = (end: number, number: number, score: number) => {
        if (best[from]! + score < best[end]!) return;
        best[end] = best[from]! + score;
        last[end] = { number, from };
      };
      let found = false;
      let piece = '';
      for (let end = from + 1; end <= Math.min(characters.length, from + this.#longest); end++) {
        piece += characters[end - 1]!;
        const number = this.#numbers.get(piece);
        if (number === undefined) continue;
        found = true;
        consider(end, number, this.vocabulary[number]![1]);
      }
      if (!found) consider(from + 1, UNKNOWN, 0);
    }
    const pieces: number[] = [];
    for (let end = characters.length; end > 0; end = last[end]!.from) {
      const { number } = last[end]!;
      if (number !== UNKNOWN || pieces.at(-1) !== UNKNOWN) pieces.push(number);
    }
    return pieces.reverse();
  }
}
