import type { Progress, ProgressTask } from '@headstart/core';
import { SingleBar, type Options, type Params } from 'cli-progress';
import type { Colours, Output } from './console.ts';
import { formatAmount, formatDuration } from './format.ts';

type Work = Parameters<Progress['start']>[0];

interface ActiveTask {
  readonly work: Work;
  readonly started: number;
  done: number;
  note?: string;
}

/** A bar on the terminal for the newest piece of work under way; the one before comes back when it ends. */
export class ProgressBars implements Progress {
  private readonly tasks: ActiveTask[] = [];
  private bar: SingleBar | undefined;

  constructor(
    private readonly stream: Output,
    private readonly colours: Colours,
  ) {}

  start(work: Work): ProgressTask {
    const task: ActiveTask = { work, started: performance.now(), done: 0 };
    this.tasks.push(task);
    this.show();
    return {
      update: (done, note) => {
        task.done = done;
        task.note = note;
        if (this.tasks.at(-1) === task) this.bar?.update(done);
      },
      end: () => {
        const index = this.tasks.indexOf(task);
        if (index < 0) return;
        this.tasks.splice(index, 1);
        this.show();
      },
    };
  }

  /** Writes text where the bar is, and the bar below it. */
  above(text: string): void {
    this.hide();
    this.stream.write(text);
    this.show();
  }

  /** Ends all bars. */
  clear(): void {
    this.tasks.length = 0;
    this.hide();
  }

  private show(): void {
    this.hide();
    const task = this.tasks.at(-1);
    if (!task) return;
    this.bar = new SingleBar({
      stream: this.stream,
      format: (_: Options, params: Params) => barLine(task, params.value, (this.stream.columns ?? 80) - 1, this.colours),
      clearOnComplete: true,
      // Neither the cursor nor line wrapping is switched off: a killed process leaves the terminal as it was.
      hideCursor: false,
      linewrap: true,
      fps: 10,
      gracefulExit: false,
    });
    this.bar.start(task.work.total ?? 0, task.done);
  }

  private hide(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

const barWidth = 20;

/** One line of at most `width` columns: label, bar, share, amount, rate, time left. What does not fit is left out, the rate first. */
export function barLine({ work, started, note }: Omit<ActiveTask, 'done'>, done: number, width: number, colours: Colours, now = performance.now()): string {
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
  const tails = [[...share, amount, ...speed, ...left, ...remark], [...share, amount, ...speed, ...left], [...share, amount, ...left], [...share, amount], share];
  const tail = tails.map((parts) => parts.join('  ')).find((text) => text.length <= room) ?? '';
  if (!total) return `${label}  ${tail}`;
  const filled = Math.min(barWidth, Math.round((barWidth * done) / total));
  return `${label}  ${colours.cyan('█'.repeat(filled))}${colours.dim('░'.repeat(barWidth - filled))}  ${tail}`;
}
