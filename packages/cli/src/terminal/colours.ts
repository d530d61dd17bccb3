import { harmless } from '@headstart/artifacts/errors';
import pc from 'picocolors';

const NAMES = ['bold', 'cyan', 'dim', 'red', 'yellow'] as const;

/** What texts are coloured by. Colours are marks until they are written, see `terminalText`. */
export type Colours = Readonly<Record<(typeof NAMES)[number], (text: string) => string>>;

/** Stands for the escape character of our own colours: no text has this code point, which Unicode keeps for such use. */
const MARK = '\ufdd0';
const ESCAPE = '\u001b';
const OWN = new RegExp(`${MARK}(\\[(?:[12]|22|3[1369])m)`, 'g');

/** @param enabled whether there are to be any */
export function createColours(enabled: boolean): Colours {
  const made = pc.createColors(enabled);
  return Object.fromEntries(
    NAMES.map((name) => [
      name,
      (text: string) => made[name](harmless(text).replaceAll(MARK, ESCAPE)).replaceAll(ESCAPE, MARK),
    ]),
  ) as Record<(typeof NAMES)[number], (text: string) => string>;
}

/** A line as it is written: with our colours, and without any order to the terminal that names in it may hold. */
export function terminalText(line: string): string {
  return harmless(line).replace(OWN, `${ESCAPE}$1`).replaceAll(MARK, '\\ufdd0');
}
