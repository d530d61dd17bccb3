import type { Writable } from 'node:stream';
import { jsonText } from '@headstart/artifacts/storage';
import type { Progress } from '@headstart/core';
import { harmless } from '@headstart/artifacts/errors';
import { createColours, terminalText, type Colours } from './colours.ts';
import { ProgressBars } from './progress-bars.ts';
import { pad, wrap } from './table.ts';

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export type { Colours } from './colours.ts';

/**
 * What the command says. Results go to stdout; what accompanies them (choices, progress, warnings)
 * goes to stderr, so that a pipe gets results only. Names may hold what a terminal would obey: it is shown, not sent.
 */
export class Console {
  /** Whether a person watches stderr: bars are drawn then, plain lines otherwise. */
  readonly live: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly width: number;
  /** Colours for stderr. */
  readonly colours: Colours;
  /** Colours for stdout. */
  readonly outColours: Colours;
  private readonly bars: ProgressBars | undefined;

  constructor(
    private readonly out: Output,
    private readonly err: Output,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.live = err.isTTY === true && env['TERM'] !== 'dumb';
    this.width = Math.max(40, (this.live ? err.columns : undefined) ?? 80);
    const plain = Boolean(env['NO_COLOR']);
    this.colours = createColours(this.live && !plain);
    this.outColours = createColours(out.isTTY === true && !plain);
    this.bars = this.live ? new ProgressBars(err, this.colours) : undefined;
  }

  get progress(): Progress {
    return this.bars ?? { start: () => ({ update() {}, end() {} }) };
  }

  /** A line beside the result. */
  say(line = ''): void {
    const text = `${terminalText(line)}\n`;
    if (this.bars) this.bars.above(text);
    else this.err.write(text);
  }

  /** A label and a text beside the result, wrapped under itself where a person reads it. */
  entry(label: string, text: string, labelWidth = 6): void {
    const lines = text.split('\n');
    const [first = '', ...rest] = this.live ? lines.flatMap((line) => wrap(line, this.width - labelWidth - 1)) : lines;
    this.say(pad(label, labelWidth) + first);
    for (const line of rest) this.say(' '.repeat(labelWidth) + line);
  }

  /** A line of the result. */
  print(line = ''): void {
    this.bars?.clear();
    this.out.write(`${terminalText(line)}\n`);
  }

  /** The one JSON document of `--json`. */
  json(document: unknown): void {
    this.bars?.clear();
    // What JSON leaves as it is and a terminal would obey is always within a text, where JSON can escape it.
    const lines = jsonText(document, 2).split('\n');
    this.out.write(`${lines.map(harmless).join('\n')}\n`);
  }

  /** Takes bars off the screen. */
  close(): void {
    this.bars?.clear();
  }
}
