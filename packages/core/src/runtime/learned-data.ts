import type { Progress } from '@headstart/artifacts';
import type { SourceDomain } from '../domains/source-domain.ts';
import type { TargetDomain } from '../domains/target-domain.ts';
import type { Backend } from '../ports/backend.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { ReadingReport } from '../runs/reading-report.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import type { ReadServices } from './read-target.ts';
import type { ReadUnlabelled } from './read-unlabelled.ts';

/** What planning works with. */
export interface PlanServices extends ReadServices {
  readonly backend: Pick<Backend, 'name' | 'device' | 'reason' | 'precisions'>;
  readonly progress: Progress;
}

/** What the samples of a transfer are, and what learns from them. */
export interface LearnedData {
  readonly task: Task;
  readonly source: SourceDomain;
  readonly strategy: Strategy;
  readonly target: TargetDomain;
  /** The labels that the source knows, where they are kept. */
  readonly known?: ReadonlySet<number>;
  /** The id of the data set, or the absolute path. */
  readonly location: string;
  /** The id of the reader that read the path; absent for a registered data set. */
  readonly reader?: string;
  /** How it was read. */
  readonly read: ResolvedChoice;
  /** What becomes of the source's head, where that is settled. */
  readonly head?: readonly ResolvedChoice[];
  /** Samples to adapt to, beside labelled ones. */
  readonly adapted?: Pick<ReadUnlabelled, 'reading' | 'choice'>;
  /** How unlabelled samples were read, be they beside labelled ones or alone. */
  readonly unlabelled?: ReadingReport['unlabelled'];
  readonly warnings: ReadingReport['warnings'];
  readonly passedOver: ReadingReport['passedOver'];
  readonly cleaned: ReadingReport['cleaned'];
}
