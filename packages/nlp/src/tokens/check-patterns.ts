import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** How long all patterns together may take on texts that are made to keep them busy, in milliseconds. */
const DEADLINE = 2000;
const LENGTH = 2000;
const LONGEST_PATTERN = 20_000;

/**
 * What is wrong with a tokenizer's patterns: one that can take longer than anyone waits on a text that is meant for it. They
 * are looked at for repetitions within repetitions, and tried on texts of their own characters in a thread that is ended.
 */
export async function patternProblem(patterns: readonly string[]): Promise<string | undefined> {
  const long = patterns.find((pattern) => pattern.length > LONGEST_PATTERN);
  if (long !== undefined) return `a pattern of ${long.length} characters`;
  const nested = patterns.find(repeatsRepetition);
  if (nested !== undefined) return `the pattern ${cut(nested)}, which repeats what repeats itself`;
  if (patterns.length === 0) return undefined;
  const worker = new Worker(TRIAL, { eval: true, workerData: { patterns, texts: textsFor(patterns) } });
  const timer = setTimeout(() => void worker.terminate(), DEADLINE);
  let tried = 0;
  worker.on('message', (count: number) => (tried = count));
  // A pattern that is none is the library's to refuse.
  worker.on('error', () => (tried = patterns.length));
  await once(worker, 'exit').finally(() => clearTimeout(timer));
  return tried < patterns.length
    ? `the pattern ${cut(patterns[tried]!)}, which takes too long on some texts`
    : undefined;
}

const TRIAL = `
const { parentPort, workerData: { patterns, texts } } = require('node:worker_threads');
patterns.forEach((pattern, i) => {
  let compiled;
  try { compiled = new RegExp(pattern, 'gu'); } catch { /* the library says so */ }
  if (compiled) for (const text of texts) for (const _ of text.matchAll(compiled));
  parentPort.postMessage(i + 1);
});`;

const USUAL = ['a', 'A', '1', ' ', '\n', '.', 'é', '中'];

/** Texts of one character over and over, and another at the end. */
function textsFor(patterns: readonly string[]): string[] {
  const own = [...new Set(patterns.join('').match(/[\p{L}\p{N}\p{P}\p{S}]/gu))].slice(0, 24);
  return [...new Set([...USUAL, ...own])].map((character) => `${character.repeat(LENGTH)}\u0001`);
}

const cut = (pattern: string) => JSON.stringify(pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern);

interface Group {
  repeats: boolean;
  chooses: boolean;
}

/** Whether a group that is repeated without an end has an endless repetition or a choice in it. */
function repeatsRepetition(pattern: string): boolean {
  const open: Group[] = [{ repeats: false, chooses: false }];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '\\') at++;
    else if (character === '[') at = endOfClass(pattern, at);
    else if (character === '(') open.push({ repeats: false, chooses: false });
    else if (character === '|') open.at(-1)!.chooses = true;
    else if (character === ')') {
      const group = open.length > 1 ? open.pop()! : open[0]!;
      const endless = isEndless(pattern, at + 1);
      if (endless && (group.repeats || group.chooses)) return true;
      open.at(-1)!.repeats ||= group.repeats;
    } else if (isEndless(pattern, at)) open.at(-1)!.repeats = true;
  }
  return false;
}

function endOfClass(pattern: string, from: number): number {
  for (let at = from + 1; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === ']') return at;
  }
  return pattern.length;
}

/** Whether `*`, `+` or `{n,}` stands there. */
function isEndless(pattern: string, at: number): boolean {
  return /^(?:[*+]|\{\d+,\})/.test(pattern.slice(at, at + 24));
}
