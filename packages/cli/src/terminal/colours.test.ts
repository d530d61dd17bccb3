import { describe, expect, it } from 'vitest';
import { createColours, terminalText } from './colours.ts';

describe('terminalText', () => {
  const { red, bold, dim } = createColours(true);

  it('has our colours and shows control characters of names', () => {
    expect(terminalText(red(bold('error')))).toBe('\u001b[31m\u001b[1merror\u001b[22m\u001b[39m');
    const name = '\u001b[2J\u001b]0;title\u0007\u001b[31mcat\r\n\u009b1m\u202e\u007f\ud800';
    const shown = '\\u001b[2J\\u001b]0;title\\u0007\\u001b[31mcat\\r\\n\\u009b1m\\u202e\\u007f\\ud800';
    expect(terminalText(name)).toBe(shown);
    expect(terminalText(dim(name))).toBe(`\u001b[2m${shown}\u001b[22m`);
  });

  it('leaves texts of all languages, and tabs', () => {
    const text = 'naïve\t日本語 ребёнок שלום 🐈‍⬛ é';
    expect(terminalText(text)).toBe(text);
    expect(createColours(false).red(text)).toBe(text);
  });

  it('takes no mark of a name for more than a colour', () => {
    expect(terminalText('\ufdd0[2J')).toBe('\\ufdd0[2J');
  });
});
