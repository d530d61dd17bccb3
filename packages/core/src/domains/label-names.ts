/** Class names that spreadsheets, databases and programs write where there is no value. */
const MISSING = new Set([
  '',
  'nan',
  'null',
  'none',
  'nil',
  'na',
  'n/a',
  'nat',
  'undefined',
  'missing',
  'blank',
  'empty',
]);

/** How exports of MySQL and PostgreSQL write it. */
const DATABASE_NULL = '\\n';

/**
 * Whether each class name means that there is none: NaN, null, N/A, \N, `?`, `-`. -1 does among classes that are counted
 * from 0, and not where it is one of two signs or of a scale that goes below it.
 */
export function missingNames(names: readonly string[]): boolean[] {
  const numbers = names.map(numberIn).filter((value) => value !== undefined);
  const signed = numbers.every((number) => number <= 1) || numbers.some((number) => number < -1);
  return names.map((name) => {
    if (numberIn(name) === -1) return !signed || numbers.length < names.length;
    const word = unseen(name).trim().toLowerCase();
    if (word === DATABASE_NULL) return true;
    return MISSING.has(word.replace(/^[#<([{"'.?-]+|[>)\]}"'.?!-]+$/g, ''));
  });
}

/** Names that differ in nothing that people mean, and in what: groups of places in the list, ascending. */
export function nearEqualNames(names: readonly string[]): { readonly places: number[]; readonly differ: string }[] {
  const groups = new Map<string, number[]>();
  const add = (key: string, place: number) => groups.set(key, [...(groups.get(key) ?? []), place]);
  const keys = names.map(nameKey);
  names.forEach((name, place) => {
    const original = copiedName(name);
    const key = original === undefined ? undefined : nameKey(original);
    add(key !== undefined && keys.includes(key) ? key : keys[place]!, place);
  });
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((places) => ({ places, differ: differenceOf(places.map((place) => names[place]!)) }));
}

/** Quotes of all languages, also those that open in one and close in another: “good”, »gut«, „gut“, «bon». */
const QUOTES = String.raw`"'\x60´\p{Pi}\p{Pf}„‚「」『』〝〞`;
const CLOSING = new RegExp(String.raw`[\s.,;:!${QUOTES}]+$`, 'u');
const OPENING = new RegExp(String.raw`^[\s${QUOTES}]+`, 'u');

/** What is left of a name without case, blanks, quotes, signs that are not seen, closing punctuation, and zeros of numbers. */
function nameKey(name: string): string {
  const plain = unseen(name)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  const value = numberIn(name);
  if (value !== undefined) return `number ${value}`;
  return plain.replace(CLOSING, '').replace(OPENING, '') || plain || name;
}

/** Without marks that are not seen: zero-width ones, byte order marks, directions. */
function unseen(name: string): string {
  return name.replace(/[\p{Cf}\p{Cc}\u115F\u1160\u3164\uFE00-\uFE0F]/gu, (mark) => (/[\t-\r]/.test(mark) ? ' ' : ''));
}

/** The value of a name that is a number in decimals. */
function numberIn(name: string): number | undefined {
  const text = unseen(name).normalize('NFKC').trim().replace('\u2212', '-');
  return /^[+-]?\d+([.]\d*)?$/.test(text) ? Number(text) + 0 : undefined;
}

/** The name that a file manager's copy of a folder had: `cat - Copy (2)`, `cat copy`, `cat (1)`. */
function copiedName(name: string): string | undefined {
  const found = /^(.+?)(?: - Copy(?: \(\d+\))?| copy(?: \d+)?| \(\d+\))$/i.exec(name) ?? /^Copy of (.+)$/i.exec(name);
  return found?.[1];
}

function differenceOf(names: readonly string[]): string {
  const alike = (same: (name: string) => string) => new Set(names.map(same)).size === 1;
  if (names.every((name) => numberIn(name) !== undefined)) return 'how a number is written';
  if (names.some((name) => copiedName(name) !== undefined)) return "the mark of a file manager's copy";
  if (alike((name) => name.normalize('NFC'))) return 'how accents are stored (NFC and NFD)';
  if (alike((name) => name.toLowerCase())) return 'case';
  if (alike((name) => unseen(name))) return 'marks that are not seen';
  if (alike((name) => name.replace(/\s+/g, ' ').trim())) return 'blanks';
  return 'case, blanks or punctuation';
}

/** A name between quotes, what is not seen in it written out. */
export function visibleName(name: string): string {
  const shown = name.replace(
    /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu,
    (mark) => `\\u{${mark.codePointAt(0)!.toString(16)}}`,
  );
  return `"${shown}"`;
}

/** Names in a row: the first few, and how many more there are. */
export function listNames(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map(visibleName).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
