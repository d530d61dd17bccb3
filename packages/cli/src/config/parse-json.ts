import { invalid } from './check-config.ts';

/** @throws HeadstartError `config-invalid` with the line and column where it is not JSON */
export function parseJson(file: string, given: string): unknown {
  const text = given.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const { message } = error as SyntaxError;
    const position = /position (\d+)/.exec(message)?.[1];
    const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
    const what = message.replace(/ (?:in JSON )?at position.*$/s, '').replace(/^JSON\.parse: /, '');
    throw invalid(
      file,
      `line ${before.length}:${before.at(-1)!.length + 1} is not JSON: ${what}`,
      'Correct it there; JSON has no comments and no comma before a closing bracket.',
      error,
    );
  }
}
