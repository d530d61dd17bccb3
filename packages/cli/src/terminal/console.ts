import type { Writable } from 'node:stream';
import type { Progress } from '@headstart/core';
import pc from 'picocolors';
import { ProgressBars } from './progress-bars.ts';
import { pad, wrap } from './table.ts';

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export type Colours = ReturnType<typeof pc.createColors>;

/**
 * What the command says. Results go to stdout; what accompanies them (choices, progress, warnings)
 * goes to stderr, so that a pipe gets results only.
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
    this.colours = pc.createColors(this.live && !plain);
    this.outColours = pc.createColors(out.isTTY === true && !plain);
    this.bars = this.live ? new ProgressBars(err, this.colours) : undefined;
  }

  get progress(): Progress {
    return this.bars ?? { start: () => ({ update() {}, end() {} }) };
  }

  /** A line beside the result. */
  say(line = ''): void {
    if (this.bars) this.bars.above(`${line}\n`);
    else this.err.write(`${line}\n`);
  }

  /** A label and a text beside the result, wrapped under itself where a person reads it. */
  entry(label: string, text: string, labelWidth = 6): void {
    const [first = '', ...rest] = this.live ? wrap(text, this.width - labelWidth - 1) : [text];
    this.say(pad(label, labelWidth) + first);
    for (const line of rest) this.say(' '.repeat(labelWidth) + line);
  }

  /** A line of the result. */
  print(line = ''): void {
    this.bars?.clear();
    this.out.write(`${line}\n`);
  }

  /** The one JSON document of `--json`. */
  json(document: unknown): void {
    this.bars?.clear();
    this.out.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** Takes bars off the screen. */
  close(): void {
    this.bars?.clear();
  }
}
