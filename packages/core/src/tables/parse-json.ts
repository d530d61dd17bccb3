/** What Python writes for numbers that JSON does not have, outside of texts. */
const PYTHON_NUMBERS = /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g;

/**
 * Parses JSON, also with the NaN and Infinity that Python's json writes: they are null, a value that is missing.
 * @throws SyntaxError of the text as it is
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!/NaN|Infinity/.test(text)) throw cause;
    try {
      return JSON.parse(text.replace(PYTHON_NUMBERS, (_, quoted: string | undefined) => quoted ?? 'null'));
    } catch {
      throw cause;
    }
  }
}

/** Whether a value of JSON is an object, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
