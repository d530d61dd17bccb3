import { describe, expect, it } from 'vitest';
import { groupsByPattern } from './group-pattern.ts';

const refused = (pattern: string, ids: readonly string[], ...said: string[]) => {
  const parts = said.map((part) => expect.stringContaining(part) as string);
  for (const message of parts)
    expect(() => groupsByPattern(pattern, ids)).toThrow(expect.objectContaining({ code: 'invalid-option', message }));
};

describe('groupsByPattern', () => {
  it('takes the only capture, or the one called group, of names that match', () => {
    const ids = ['cat/p1_a.png', 'dog/p1_b.png', 'cat/p22_a.png', 'cat/other.png'];
    expect(groupsByPattern('/(p\\d+)_', ids)).toEqual(['p1', 'p1', 'p22', undefined]);
    expect(groupsByPattern('(cat|dog)/(?<group>p\\d+)', ids)).toEqual(['p1', 'p1', 'p22', undefined]);
    expect(groupsByPattern('(?:cat|dog)/(p\\d+)', ids)).toEqual(['p1', 'p1', 'p22', undefined]);
    expect(groupsByPattern('/(p?)', ids)).toEqual(['p', 'p', 'p', undefined]); // an empty capture is no group
    expect(groupsByPattern('^(.)', ['😀1', '😁1', '😀2'])).toEqual(['😀', '😁', '😀']); // no half of a character
  });

  it('says what a pattern lacks', () => {
    refused('p\\d+_', ['p1_'], 'has no capture');
    refused('(?:p\\d+)_', ['p1_'], 'has no capture');
    refused('(p)(\\d+)_', ['p1_'], 'has 2 captures');
    refused('(p', ['p1_'], '(p is no regular expression: Invalid regular expression: /(p/u:'); // as it was given
    refused('a)|(b', ['a'], 'is no regular expression'); // its parentheses fit around another's
    refused('(x\\d+)', ['p1_', 'p2_', 'p3_', 'p4_'], 'matches none of 4 samples', 'p1_, p2_, p3_, …');
  });

  it('refuses a pattern that tries without end, in place of waiting for it', () => {
    refused(
      '^((a+)+)$'.replace('((', '(?:(').replace(')+)', ')+)+'),
      [`${'a'.repeat(50)}!`],
      'takes more than 5 seconds',
    );
  }, 60_000);

  it('takes a hundred thousand names in their order', () => {
    const ids = Array.from({ length: 100_000 }, (_, i) => `video${i % 977}/frame${i}.jpg`);
    const groups = groupsByPattern('^(video\\d+)/', ids);
    expect(groups.length).toBe(100_000);
    expect(groups.every((group, i) => group === `video${i % 977}`)).toBe(true);
  });
});
