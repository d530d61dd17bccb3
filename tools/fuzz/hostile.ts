import type { Draw } from './draw.ts';

/** Numbers that bounds are forgotten for: around powers of two, negatives, fractions, and what JSON cannot say plainly. */
export const NUMBERS: readonly string[] = [
  ...['0', '-1', '-0', '0.5', '1e-320', '255', '256', '65535', '65536', '1000000', '16777217', '100000000'],
  ...['2147483647', '2147483648', '-2147483648', '4294967295', '4294967296', '9007199254740991', '9007199254740993'],
  ...['9223372036854775807', '18446744073709551616', '1e19', '1e308', '-1e308', '1e999', '-1e999', '1e400'],
];

const ESC = '\u001b';

/** Texts that programs trip over: paths, names of JavaScript's own, control characters, patterns without an end. */
export const TEXTS: readonly string[] = [
  ...['', ' ', '\0', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'NaN', 'undefined', '-'],
  ...[
    '../../../etc/passwd',
    '/etc/passwd',
    '/dev/zero',
    'C:\\windows\\win.ini',
    'file:///etc/passwd',
    '..',
    '.',
    '%2e%2e/',
  ],
  ...[
    `${ESC}[2J${ESC}]0;title\u0007`,
    '\u202egnp.cat',
    '\ud800',
    '\ufeff',
    '\u0085\u2028',
    'a\nb',
    '\u{1f408}'.repeat(50),
  ],
  ...['(a+)+$', '(?:(?:a|a)*)*$', '^(([a-z])+.)+[A-Z]([a-z])+$', '\\p{L}+|(.*)*x', '[', '(?<=(a*)*)b', '(', '$&$1'],
];

/** A text of JSON that is no plain value: nested deeper than a call stack, or long. */
export function rawJson(draw: Draw): string {
  const size = draw.of([10, 500, 5000, 100_000]);
  switch (draw.below(6)) {
    case 0:
      return '['.repeat(size) + ']'.repeat(size);
    case 1:
      return '{"a":'.repeat(size) + '1' + '}'.repeat(size);
    case 2:
      return `"${draw.of(['a', '\\u0000', '\\u001b[31m', 'é', '(a+)+']).repeat(size)}"`;
    case 3:
      return `[${Array.from({ length: size }, () => '0').join(',')}]`;
    case 4:
      return `{${Array.from({ length: size }, (_, i) => `"k${i}":1`).join(',')}}`;
    default:
      return draw.of(NUMBERS);
  }
}
