import { parseByteSize } from '@headstart/core/options';
import { InvalidArgumentError } from 'commander';

/** Parsers of option values. Each refuses what it does not understand: nothing is rounded or clamped. */

export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
  };
}

/** A finite number within bounds; `below` is not part of the range. */
export function realNumber({
  above,
  least,
  below,
}: {
  above?: number;
  least?: number;
  below?: number;
}): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    const fits =
      Number.isFinite(value) &&
      (above === undefined || value > above) &&
      (least === undefined || value >= least) &&
      (below === undefined || value < below);
    if (fits) return value;
    const bounds = [
      above === undefined ? '' : `above ${above}`,
      least === undefined ? '' : `${least} or more`,
      below === undefined ? '' : `below ${below}`,
    ].filter(Boolean);
    throw new InvalidArgumentError(`It must be a number ${bounds.join(' and ')}.`);
  };
}

/** A rate above zero, or `auto`. */
export function learningRate(text: string): number | 'auto' {
  if (text === 'auto') return 'auto';
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0, or "auto" for a range test.');
}

const LEAST_MEMORY = 2 ** 20;

/** A size in bytes, 1 MiB or more. */
export function memorySize(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes !== undefined && bytes >= LEAST_MEMORY) return bytes;
  throw new InvalidArgumentError('It must be a size of 1MiB or more, such as 4GiB, 1500MB or a number of bytes.');
}

/** `70/10/20`: shares of train, validation and test that add up to 100. */
export function splitShares(text: string): [train: number, validation: number, test: number] {
  const shares = text.split('/').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [train, validation, test] = shares;
  const valid =
    shares.length === 3 &&
    shares.every((share) => share >= 0) &&
    train! > 0 &&
    Math.abs(train! + validation! + test! - 100) < 1e-9;
  if (valid) return [train!, validation!, test!];
  throw new InvalidArgumentError('It must be three percentages that add up to 100, train first, such as 70/10/20.');
}

/** Collects `key=value` options of one command line. */
export function keyValue(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('It must read key=value.');
  const key = text.slice(0, at);
  if (Object.hasOwn(previous, key)) throw new InvalidArgumentError(`"${key}" is given twice.`);
  return { ...previous, [key]: text.slice(at + 1) };
}
