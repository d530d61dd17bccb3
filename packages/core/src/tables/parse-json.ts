/** What Python writes for numbers that JSON does not have, outside of texts. */
const PYTHON_NUMBERS = /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g;

/** Whole numbers outside of texts that may be too large for a float64. */
const LARGE_INTEGERS = /("(?:[^"\\]|\\.)*")|(?<![\d.])-?\d{16,}(?![\d.eE])/g;

/**
 * Parses JSON, also with the NaN and Infinity that Python's json writes: they are null, a value that is missing. Whole numbers
 * that a float64 does not hold are texts with their digits: ids and labels stay what they are.
 * @throws SyntaxError of the text as it is
 */
export function parseJson(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return /\d{16}/.test(text) ? JSON.parse(withExactIntegers(text)) : parsed;
  } catch (cause) {
    if (!/NaN|Infinity/.test(text)) throw cause;
    try {
      const plain = text.replace(PYTHON_NUMBERS, (_, quoted: string | undefined) => quoted ?? 'null');
      return JSON.parse(withExactIntegers(plain));
    } catch {
      throw cause;
    }
  }
}

function withExactIntegers(json: string): string {
  return json.replace(LARGE_INTEGERS, (found) =>
    found.startsWith('"') || Number.isSafeInteger(Number(found)) ? found : `"${found}"`,
  );
}

/** Whether a value of JSON is an object, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
