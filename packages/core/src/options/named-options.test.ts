import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { namedOptions, parseNamedOptions } from './named-options.ts';

const owner = { kind: 'task', id: 'find', example: 'find:least=2' } as const;
const schema = z.strictObject({ least: z.coerce.number().positive(), way: z.enum(['a', 'b']) }).partial();
const parse = (text: string) => parseNamedOptions(owner, text, schema);

describe('options behind a name', () => {
  it('are read by the schema, from the text that is written of them', () => {
    expect(parse('least=2.5,way=b')).toEqual({ least: 2.5, way: 'b' });
    expect(parse(namedOptions({ way: 'a', least: undefined }))).toEqual({ way: 'a' });
    expect(namedOptions({ least: 2, way: 'a' })).toBe('least=2,way=a');
  });

  it.each([
    ['', '"" is not an option with its value'],
    ['least', '"least" is not an option with its value'],
    ['least=', '"least=" is not an option with its value'],
    ['least=2,,way=a', '"" is not an option with its value'],
    ['least=2,least=3', 'it gives least twice'],
    ['least=x', 'least=x: '],
    ['way=c', 'way=c: Invalid option: expected one of "a"|"b".'],
    ['most=2', 'Unrecognized key: "most".'],
    ['__proto__=2', '"__proto__"'],
  ])('are refused: %s', (text, fault) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: expect.stringMatching(
          new RegExp(`^The task "find:${text}" cannot be used: .*${fault.replace(/[|?.]/g, '\\$&')}`),
        ) as string,
        hint: 'Give find, or options after a colon: find:least=2.',
      }),
    );
  });
});
