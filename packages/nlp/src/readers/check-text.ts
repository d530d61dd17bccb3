/** A text may have this many bytes of UTF-8: a few hundred thousand words, where encoders read some hundred. */
export const LARGEST_TEXT = 2 ** 20;

/** Why a value is not a text to learn from, as the end of a sentence about `what`; undefined where it is one. */
export function checkText(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return `${what} is missing`;
  if (typeof value !== 'string') return `${what} is of type ${Array.isArray(value) ? 'list' : typeof value}`;
  if (value.trim() === '') return `${what} is empty`;
  return value.length * 3 > LARGEST_TEXT ? tooLarge(Buffer.byteLength(value), what) : undefined;
}

/** The same for a size in bytes. */
export function tooLarge(bytes: number, what: string): string | undefined {
  if (bytes <= LARGEST_TEXT) return undefined;
  return `${what} has ${bytes.toLocaleString('en')} bytes, more than the limit of ${LARGEST_TEXT.toLocaleString('en')}; cut it into passages: an encoder reads a few hundred words of each`;
}
