/** The lengths, in tokens, that batches are padded to: few, so that a step meets few shapes. */
const LENGTHS = [16, 32, 48, 64, 96, 128, 192, 256, 384, 512] as const;

/** The least of these lengths that `tokens` fit in, `longest` being one of them. */
export function bucketFor(tokens: number, longest: number): number {
  return Math.min(LENGTHS.find((length) => length >= tokens) ?? longest, longest);
}
