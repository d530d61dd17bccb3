/** One long piece of work that a user waits for: a download, features, an epoch. */
export interface ProgressTask {
  /** Work done so far, in the unit and out of the total given at the start. */
  update(done: number, note?: string): void;
  end(): void;
}

/** Where progress is shown. The command draws bars on stderr; a library user may ignore it. */
export interface Progress {
  start(work: {
    label: string;
    total?: number;
    unit: 'bytes' | 'images' | 'samples' | 'steps' | 'cells';
  }): ProgressTask;
}

/** Progress that nobody is shown, for programs without a terminal and for tests. */
export const silentProgress: Progress = {
  start: () => ({ update() {}, end() {} }),
};
