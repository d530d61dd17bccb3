import { join } from 'node:path';
import type { Points, RunEnd, TrackedRun, Tracker } from '../runs/tracker.ts';
import { EventFile } from './event-file.ts';
import { sessionEnd, sessionStart } from './hparams.ts';

/** TensorFlow's `SessionLog.START`: a reader drops what it has of this step and of later ones. */
const SESSION_START = 1;

/** Writes a run's numbers into an event file of its own, in the folder of the run's id; a resumed run into one more. */
export class TensorBoardTracker implements Tracker {
  #file: EventFile | undefined;
  #goesOn = false;

  constructor(
    private readonly logdir: string,
    private readonly warn: (message: string) => Promise<void>,
  ) {}

  async open(run: TrackedRun): Promise<void> {
    this.#file = await EventFile.create(join(this.logdir, run.runId));
    this.#goesOn = run.resumed;
    if (!run.resumed) await this.#write((file) => file.add({ summary: { value: [sessionStart(run, now())] } }));
    await this.flush();
  }

  async log(points: Points, step: number): Promise<void> {
    await this.#write(async (file) => {
      if (this.#goesOn && step > 0) await file.add({ step, sessionLog: { status: SESSION_START } });
      this.#goesOn = false;
      const value = Object.entries(points).map(([tag, simpleValue]) => ({ tag, simpleValue }));
      await file.add({ step, summary: { value } });
    });
  }

  async flush(): Promise<void> {
    await this.#write((file) => file.flush());
  }

  async close(end: RunEnd): Promise<void> {
    const { status } = end;
    if (status !== 'interrupted')
      await this.#write((file) => file.add({ summary: { value: [sessionEnd(status, now())] } }));
    await this.flush();
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Does something with the file; a failure ends the writing, and not the run. */
  async #write(work: (file: EventFile) => Promise<void>): Promise<void> {
    const file = this.#file;
    if (!file) return;
    try {
      await work(file);
    } catch (error) {
      this.#file = undefined;
      await file.close().catch(() => {}); // the failure to write is the one to tell
      await this.warn(`TensorBoard gets no more of this run. ${(error as Error).message}`);
    }
  }
}

const now = () => Date.now() / 1000;
