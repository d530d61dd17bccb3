import type { Headstart, Progress } from '@headstart/core';
import type { PluginFailure } from '@headstart/core/manifest';
import type { Bench } from './bench-types.ts';
import type { Check } from './doctor/check.ts';
import type { BackendChoice } from './options/backend-options.ts';
import type { Catalogue } from './plugins/catalogue.ts';

/** What `backend doctor` and `backend install` have to say: lines for people, a document for programs. */
export interface BackendReport {
  readonly lines: readonly string[];
  readonly document: unknown;
}

/** Numbers by name for the whole and for each class, and what the counts are of. */
export interface ScoreReport {
  readonly metrics: Readonly<Record<string, number>>;
  readonly perClass: readonly {
    readonly name: string;
    readonly objects: number;
    readonly AP: number;
    readonly AP50: number;
    readonly AP75: number;
  }[];
  readonly images: number;
  readonly objects: number;
  readonly detections: number;
  /** Categories that the truth does not have, with how many detections were passed over for that. */
  readonly unknownCategories: ReadonlyMap<number | string, number>;
}

/** What the commands need of the packages. `program.ts` provides the real one, tests a fake. */
export interface Composition {
  /** The system on the backend that was asked for. */
  open(choice: BackendChoice, progress: Progress): Promise<Headstart>;
  /** The system for looking things up and reading data: no backend is opened, nothing can run. */
  lookUp(progress?: Progress): Promise<Headstart>;
  /**
   * What extends Headstart here and what each part brings, without importing it where manifests say it.
   * @param load imports it in any case
   */
  catalogue(options?: { readonly load?: boolean }): Promise<Catalogue>;
  /** Plugins that could not be used so far. */
  failures(): readonly PluginFailure[];
  /** COCO's box metrics of a detector's output. */
  score(truth: string, predictions: string): Promise<ScoreReport>;
  /** A page of the numbers, curves and confusions of a detector's output, HTML. */
  report(truth: string, predictions: string): Promise<string>;
  /** A page of a detector's worst mistakes, HTML. */
  mistakes(truth: string, predictions: string): Promise<string>;
  /** What runs benchmarks. @throws HeadstartError `plugin-missing` */
  bench(): Promise<Bench>;
  doctor(): Promise<BackendReport>;
  /** What of the whole installation works. */
  checkUp(): Promise<readonly Check[]>;
  install(options: { gpu: boolean }, progress: Progress): Promise<BackendReport>;
}
