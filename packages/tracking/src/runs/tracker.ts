/** Numbers at one step of a run, by names such as `train/loss`. */
export type Points = Readonly<Record<string, number>>;

export type Parameter = string | number | boolean;

/** A run as a tracker is told of it. */
export interface TrackedRun {
  readonly runId: string;
  /** What determines the run, by name. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Where the run stands among others: source, domains, strategy, shots, seed. */
  readonly coordinates: Readonly<Record<string, string>>;
  /** Whether it goes on from a checkpoint; the tracker may know it already. */
  readonly resumed: boolean;
}

/** How a run ended, and of a failure what was said. */
export type RunEnd =
  | { readonly status: 'finished' }
  | { readonly status: 'failed' | 'interrupted'; readonly message: string };

/** What keeps the numbers of one run. Once it is open, its own failures are warnings: they never end a training. */
export interface Tracker {
  /** @throws HeadstartError where it is set up wrongly, so that the run is refused before its first step */
  open(run: TrackedRun): Promise<void>;
  /** @param step of the run, from 1; 0 where none was heard of */
  log(points: Points, step: number): void | Promise<void>;
  /** Brings what was logged to where it is kept, as far as that can be done. */
  flush(): Promise<void>;
  /** The last call. */
  close(end: RunEnd): Promise<void>;
}
