import type { Progress, ProgressTask } from '@headstart/core';
import { terminalText, type Colours } from './colours.ts';
import type { Output } from './console.ts';
import { formatAmount, formatDuration } from './format.ts';

type Work = Parameters<Progress['start']>[0];

interface ActiveTask {
  readonly work: Work;
  readonly started: number;
  done: number;
  note?: string;
}

/** Milliseconds between two drawings of a bar. */
const refresh = 100;

/** To the start of the line, and empty it (ECMA-048: carriage return, erase in line). */
const emptyLine = '\r\x1b[K';

/**
 * A bar on the terminal for the newest piece of work under way; the one before comes back when it ends.
 * It is drawn from `update`, not by a timer: while a step computes, timers do not run. Cursor and line
 * wrapping stay as they are, so that a killed process leaves the terminal in order.
 */
export class ProgressBars implements Progress {
  private readonly tasks: ActiveTask[] = [];
  private drawn = false;
  private drawnAt = -Infinity;

  constructor(
    private readonly stream: Output,
    private readonly colours: Colours,
  ) {}

  start(work: Work): ProgressTask {
    const task: ActiveTask = { work, started: performance.now(), done: 0 };
    this.tasks.push(task);
    this.draw();
    return {
      update: (done, note) => {
        task.done = done;
        task.note = note;
        if (this.tasks.at(-1) === task && performance.now() - this.drawnAt >= refresh) this.draw();
      },
      end: () => {
        const index = this.tasks.indexOf(task);
        if (index < 0) return;
        this.tasks.splice(index, 1);
        this.draw();
      },
    };
  }

  /** Writes text where the bar is, and the bar below it. */
  above(text: string): void {
    this.erase();
    this.stream.write(text);
    this.draw();
  }

  /** Ends all bars. */
  clear(): void {
    this.tasks.length = 0;
    this.erase();
  }

  private draw(): void {
    const task = this.tasks.at(-1);
    if (!task) return this.erase();
    this.stream.write(
      emptyLine + terminalText(barLine(task, task.done, (this.stream.columns ?? 80) - 1, this.colours)),
    );
    this.drawn = true;
    this.drawnAt = performance.now();
  }

  private erase(): void {
    if (this.drawn) this.stream.write(emptyLine);
    this.drawn = false;
  }
}

const barWidth = 20;

/** One line of at most `width` columns: label, bar, share, amount, rate, time left. What does not fit is left out, the rate first. */
export function barLine(
  { work, started, note }: Omit<ActiveTask, 'done'>,
  done: number,
  width: number,
  colours: Colours,
  now = performance.now(),
): string {
  const { total, unit } = work;
  const seconds = (now - started) / 1000;
  const rate = seconds > 0.5 ? done / seconds : 0;
  const label = work.label.length > 22 ? `${work.label.slice(0, 21)}…` : work.label.padEnd(12);
  const share = total ? [`${Math.floor((100 * done) / total)}%`.padStart(4)] : [];
  const speed = rate > 0 ? [`${formatAmount(rate, unit === 'bytes' ? 'bytes' : undefined)}/s`] : [];
  const left = rate > 0 && total ? [`${formatDuration(Math.max(0, total - done) / rate)} left`] : [];
  const amount = formatAmount(done, unit, total);
  const remark = note ? [note] : [];
  const room = width - label.length - (total ? barWidth + 4 : 2);
  const tails = [
    [...share, amount, ...speed, ...left, ...remark],
    [...share, amount, ...speed, ...left],
    [...share, amount, ...left],
    [...share, amount],
    share,
  ];
  const tail = tails.map((parts) => parts.join('  ')).find((text) => text.length <= room) ?? '';
  if (!total) return `${label}  ${tail}`;
  const filled = Math.min(barWidth, Math.round((barWidth * done) / total));
  return `${label}  ${colours.cyan('█'.repeat(filled))}${colours.dim('░'.repeat(barWidth - filled))}  ${tail}`;
}
