import { parseByteSize, valueFromText, type ValueKind } from '@headstart/core/options';
import { InvalidArgumentError } from 'commander';

/** The parser of a flag whose values are of a kind. It refuses what it does not understand: nothing is rounded or clamped. */
export function valueOf<T>(kind: ValueKind<T>): (text: string, previous?: T) => T {
  return (text, previous) => {
    try {
      return valueFromText(kind, text, previous);
    } catch (error) {
      throw error instanceof RangeError ? new InvalidArgumentError(error.message) : error;
    }
  };
}

const LEAST_MEMORY = 2 ** 20;

/** A size in bytes, 1 MiB or more. */
export function memorySize(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes !== undefined && bytes >= LEAST_MEMORY) return bytes;
  throw new InvalidArgumentError('It must be a size of 1MiB or more, such as 4GiB, 1500MB or a number of bytes.');
}
