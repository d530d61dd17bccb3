import { PRECISIONS } from '../ports/precision.ts';
import { CLEANINGS } from './cleanings.ts';
import { DEFAULT_SELECTION, SELECTIONS } from './criteria.ts';
import {
  classWeights,
  namedValues,
  onOff,
  oneOf,
  probability,
  rateOrAuto,
  realNumber,
  shares,
  someOf,
  text,
  wholeNumber,
  type ValueKind,
} from './value-kinds.ts';

/** One option of a transfer, of which its request, its check, its flag and its line in the model's card follow. */
export interface TransferOption<T = unknown> {
  readonly kind: ValueKind<T>;
  /** How it is written on the command line: `--batch <n>`. */
  readonly flag: string;
  /** One line of help. */
  readonly help: string;
  /** Where it is the same for every transfer; others follow from the data, the task or the strategy. */
  readonly default?: T;
}

/** How samples are drawn, other than each once per epoch. */
const SAMPLINGS = ['balanced'] as const;

/** Which parts make the transfer, and how the data are read. */
export const partOptions = {
  /**
   * Samples to adapt to, for strategies that learn from unlabelled ones: a path, or the id of a registered data set.
   * Labels in it are ignored.
   */
  adapt: {
    kind: text,
    flag: '--adapt <target>',
    help: 'samples to adapt to, for strategies that learn from unlabelled ones; labels are ignored',
  },
  /**
   * Labelled samples of the test domain: how good each epoch of an adaptation is on them is said beside the choice, which knows
   * nothing of it. A path, or the id of a registered data set.
   */
  judge: {
    kind: text,
    flag: '--judge <target>',
    help: 'labelled samples of the test domain: how good each epoch of an adaptation was is said beside the choice, never used',
  },
  /** Task id, with options after a colon where it takes some; that of the data where absent. */
  task: {
    kind: text,
    flag: '--task <id>',
    help: 'what to learn, with options after a colon where it takes some; by default what the data are made for',
  },
  /** Source id; the task's where absent. */
  source: {
    kind: text,
    flag: '--source <id>',
    help: "pretrained weights; by default the task's; model:<dir> for a model that you trained",
  },
  /** Learn the target's classes beside the source's own, which are kept by distillation from the source. */
  keepClasses: {
    kind: onOff,
    flag: '--keep-classes',
    help: "learn the target's classes beside the source's own, which are kept (detection)",
  },
  /** Strategy id; the task's where absent. */
  strategy: { kind: text, flag: '--strategy <id>', help: "how knowledge is carried over; by default the task's" },
  /** Reader id; chosen from what is there where absent. */
  reader: {
    kind: text,
    flag: '--reader <id>',
    help: 'how to read the target; by default chosen from what is there',
  },
  /** The reader's own options, by name. */
  readerOptions: {
    kind: namedValues,
    flag: '--reader-option <key=value>',
    help: 'an option of the reader; repeatable',
  },
  /** Leave out unreadable samples, and list them. */
  skipBad: { kind: onOff, flag: '--skip-bad', help: 'leave out unreadable samples and list them' },
  /** What to mend in the data that were read, before they are split. */
  clean: {
    kind: someOf(CLEANINGS),
    flag: '--clean <codes>',
    help: `mend what a warning names: ${CLEANINGS.join(', ')}; with commas between them`,
  },
  /** Refuse data of which a warning is left. */
  strict: { kind: onOff, flag: '--strict', help: 'end with an error where the data leave a warning' },
} satisfies Record<string, TransferOption>;

/** How the transfer is trained. */
export const trainingOptions = {
  /** Passes over the training data; the task's or the strategy's where absent. */
  epochs: { kind: wholeNumber(1), flag: '--epochs <n>', help: 'passes over the training data' },
  /** Steps of the optimiser, in place of epochs: as many epochs as make at least so many. */
  steps: {
    kind: wholeNumber(1),
    flag: '--steps <n>',
    help: 'steps of the optimiser in place of epochs: as many epochs as make so many',
  },
  /** Samples per step; the task's or the strategy's where absent. */
  batchSize: { kind: wholeNumber(1), flag: '--batch <n>', help: 'samples per step' },
  /** Decides every random draw. */
  seed: { kind: wholeNumber(0), flag: '--seed <n>', help: 'decides every random draw', default: 0 },
  /** Keep only this many training samples per class, drawn by the seed. */
  shots: { kind: wholeNumber(1), flag: '--shots <n>', help: 'train on this many samples per class' },
  /** Shares of train, validation and test in percent, where the data set has no splits of its own. */
  split: {
    kind: shares,
    flag: '--split <shares>',
    help: 'percent of train/validation/test, where the data have no splits',
    default: [70, 10, 20] as const,
  },
  /** The column of a table that says what samples are parts of, such as a patient: each group lies in one split, or fold. */
  groupColumn: {
    kind: text,
    flag: '--group-column <name>',
    help: "a table's column whose samples of one value stay on one side of splits and folds (patient, video, author)",
  },
  /**
   * A regular expression whose capture, the only one or that called `group`, is the group in a sample's id, its path
   * within the data as a rule: each group lies in one split, or fold.
   */
  groupBy: {
    kind: text,
    flag: '--group-by <pattern>',
    help: "the same by samples' names: a regular expression whose parentheses hold the group, such as ^([^_]+)_",
  },
  /** Peak rate of the head, or `auto` for a learning-rate range test; the strategy's where absent. */
  learningRate: {
    kind: rateOrAuto,
    flag: '--learning-rate <rate>',
    help: "the head's peak rate, or auto to find one",
  },
  /** Decoupled weight decay; the strategy's where absent. */
  weightDecay: { kind: realNumber({ least: 0 }), flag: '--weight-decay <n>', help: 'decoupled weight decay' },
  /** Share of each label that is spread over all classes; the strategy's where absent. */
  labelSmoothing: {
    kind: realNumber({ least: 0, below: 1 }),
    flag: '--label-smoothing <n>',
    help: 'share of each label spread over all classes',
  },
  /** What classes count in the loss: weights by label, or `balanced`, the rarer the more. */
  classWeights: {
    kind: classWeights,
    flag: '--class-weights <weights>',
    help: 'what classes count in the loss: balanced (the rarer the more), or label=weight with commas between them',
  },
  /** `balanced` draws samples so that every class comes as often as another. */
  sampling: {
    kind: oneOf(SAMPLINGS),
    flag: '--sampling <how>',
    help: 'balanced draws samples so that every class comes as often as another',
  },
  /** Decay of the moving average of weights, such as 0.999; absent for none. */
  ema: {
    kind: realNumber({ least: 0, below: 1 }),
    flag: '--ema <decay>',
    help: 'average weights over steps with this decay, such as 0.999',
  },
  /** What training steps are computed in; weights, features and evaluation are float32 in any case. */
  precision: {
    kind: oneOf(PRECISIONS),
    flag: '--precision <type>',
    help: 'what training steps are computed in; weights are float32 in any case',
  },
  /** Epochs without improvement on the validation split after which a phase ends. */
  patience: {
    kind: wholeNumber(1),
    flag: '--patience <n>',
    help: 'end a phase after this many epochs without improvement',
  },
  /** How the epoch is chosen that is kept of phases which adapt to unlabelled samples; the last one where absent. */
  select: {
    kind: oneOf(SELECTIONS),
    flag: '--select <criterion>',
    help: `with --adapt, which epoch is kept; by default ${DEFAULT_SELECTION}`,
  },
  /** One of the task's policies; its own where absent. */
  augmentation: {
    kind: text,
    flag: '--augmentation <policy>',
    help: "how training samples are altered: one of the task's policies, which `headstart tasks` lists",
  },
  /** Cached augmented views per sample, where the backbone's prefix is frozen and augmentation is on. */
  views: {
    kind: wholeNumber(1),
    flag: '--views <n>',
    help: 'cached altered views per sample where the backbone is frozen',
  },
} satisfies Record<string, TransferOption>;

/** What the trained model makes of its numbers. */
export const answerOptions = {
  /**
   * Whether the model's logits are divided by a temperature that is fitted on the validation split, so that its
   * probabilities are hit rates; `none` where absent.
   */
  calibrate: {
    kind: oneOf(['temperature', 'none']),
    flag: '--calibrate <how>',
    help: 'fit a temperature on the validation split, so that probabilities are hit rates; by default none',
  },
  /** Store thresholds of labels that are best on the validation split, for samples of several labels each. */
  tuneThresholds: {
    kind: onOff,
    flag: '--tune-thresholds',
    help: 'store thresholds per label that are best by F1 on the validation split, for several labels per sample',
  },
  /** Store a probability of the likeliest class below which the model has no answer. */
  abstainBelow: {
    kind: probability,
    flag: '--abstain-below <p>',
    help: 'have the model give no answer where its likeliest class is less likely than this',
  },
} satisfies Record<string, TransferOption>;

/** Where the run is kept, and how often. */
export const runOptions = {
  /** Folder of the run and of the model; `runs/<runId>` where absent. */
  out: { kind: text, flag: '--out <dir>', help: 'folder of the run and its model; by default runs/<run id>' },
  /**
   * Save every weight with the model. Otherwise a head on a backbone that was not trained is saved alone, and variables that
   * nothing changes are left out, where the source's files have digests; loading the model opens the source, which may
   * fetch its files.
   */
  standalone: {
    kind: onOff,
    flag: '--standalone',
    help: 'save every weight with the model, also those that its source has',
  },
  /** Steps between checkpoints; by default one about every 30 seconds and at every epoch's end. */
  checkpointEvery: { kind: wholeNumber(1), flag: '--checkpoint-every <n>', help: 'steps between checkpoints' },
} satisfies Record<string, TransferOption>;

/** Every option of a transfer by its name in a request, in the order of the help. */
export const transferOptions = { ...partOptions, ...trainingOptions, ...answerOptions, ...runOptions };

type ValueOf<O> = O extends { readonly kind: ValueKind<infer T> } ? T : never;
type Options<Table> = { -readonly [Name in keyof Table]?: ValueOf<Table[Name]> };

/** How a transfer is trained, as its user asked for it. */
export type TrainingOptions = Options<typeof trainingOptions>;

/** What its user asked for of the trained model's answers. */
export type AnswerOptions = Options<typeof answerOptions>;

/** A transfer's options, as its user gave them. */
export type TransferOptions = Options<typeof partOptions> &
  TrainingOptions &
  AnswerOptions &
  Options<typeof runOptions>;

/** The names of options that have a default of their own. */
type Defaulted<Table> = { [Name in keyof Table]: Table[Name] extends { default: unknown } ? Name : never }[keyof Table];

/** The same with every default of an option's own in its place. */
export type WithDefaults<Given extends TransferOptions> = Given &
  Required<Pick<TransferOptions, Defaulted<typeof transferOptions>>>;

/** Puts in what was not said and is the same for every transfer. */
export function withDefaults<Given extends TransferOptions>(given: Given): WithDefaults<Given> {
  const defaults = Object.entries<TransferOption>(transferOptions).flatMap(([name, option]) =>
    option.default === undefined || given[name as keyof TransferOptions] !== undefined ? [] : [[name, option.default]],
  );
  return { ...given, ...Object.fromEntries(defaults) } as WithDefaults<Given>;
}
