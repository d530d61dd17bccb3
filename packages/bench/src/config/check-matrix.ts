import { shown } from '@headstart/artifacts/errors';
import { transferOptions, type TransferOption } from '@headstart/core/options';
import type { CellPattern } from './bench-config.ts';
import { configError, didYouMean } from './config-error.ts';
import type { SettledMatrix } from './settled-bench.ts';

/** Options of a transfer that the axes, the domains' own settings or the benchmark itself decide. */
const DECIDED = {
  adapt: 'domains.adapt',
  source: 'sources',
  strategy: 'strategies',
  shots: 'shots',
  seed: 'seeds',
  reader: 'the setting of a domain',
  readerOptions: 'the setting of a domain',
  skipBad: 'the setting of a domain',
  calibrate: undefined,
  tuneThresholds: undefined,
  abstainBelow: undefined,
  out: undefined,
  standalone: undefined,
  checkpointEvery: undefined,
} as const;

const known: Readonly<Record<string, TransferOption>> = Object.fromEntries(
  Object.entries<TransferOption>(transferOptions).filter(([name]) => !(name in DECIDED)),
);

/**
 * Checks what a matrix says beside its form: names are given once, patterns name what is there, options are a transfer's.
 * @param at where the matrix stands in the file, such as `matrices[1].`
 * @throws HeadstartError `config-invalid`
 */
export function checkMatrix(matrix: SettledMatrix, file: string, at: string): void {
  const axes = axisNames(matrix);
  for (const [axis, names] of Object.entries<readonly unknown[]>(axes)) {
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined)
      throw configError(
        file,
        `${at}${placeOf[axis as keyof typeof placeOf]} has ${shown(twice)} twice`,
        'Leave one out, or give each a name of its own: { "name": "…", … }.',
      );
  }
  checkOptions(matrix.options, file, `${at}options`);
  matrix.strategies.forEach(({ options }, i) => checkOptions(options, file, `${at}strategies[${i}].options`));
  matrix.exclude.forEach((pattern, i) => checkPattern(pattern, axes, file, `${at}exclude[${i}]`));
  // A cell that is added may have shots and a seed of its own.
  const { shots: _, seed: __, ...named } = axes;
  matrix.include.forEach((pattern, i) => checkPattern(pattern, named, file, `${at}include[${i}]`));
}

const placeOf = {
  source: 'sources',
  train: 'domains.train',
  adapt: 'domains.adapt',
  test: 'domains.test',
  strategy: 'strategies',
  shots: 'shots',
  seed: 'seeds',
} as const;

type Axes = Readonly<Partial<Record<keyof CellPattern, readonly (string | number | null)[]>>>;

/** The names of each axis. */
export function axisNames(matrix: SettledMatrix) {
  return {
    source: matrix.sources.map(({ name }) => name),
    train: matrix.train.map(({ name }) => name),
    adapt: matrix.adapt.map((domain) => domain?.name ?? null),
    test: matrix.test.map(({ name }) => name),
    strategy: matrix.strategies.map(({ name }) => name),
    shots: matrix.shots,
    seed: matrix.seeds,
  } satisfies Axes;
}

function checkPattern(pattern: CellPattern, axes: Axes, file: string, at: string): void {
  for (const [key, names] of Object.entries(axes)) {
    const wanted = pattern[key as keyof CellPattern];
    if (wanted === undefined || names.includes(wanted)) continue;
    throw configError(
      file,
      `${at}.${key} is ${shown(wanted)}, which ${placeOf[key as keyof typeof placeOf]} does not have`,
      didYouMean(String(wanted), names.map(String)),
    );
  }
}

function checkOptions(options: Readonly<Record<string, unknown>>, file: string, at: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (name in DECIDED) {
      const where = DECIDED[name as keyof typeof DECIDED];
      const hint = where === undefined ? 'Leave it out: a benchmark keeps no models.' : `Say it in ${where}.`;
      throw configError(file, `${at}.${name} is not for a benchmark's options`, hint);
    }
    const option = known[name];
    if (!option)
      throw configError(file, `there is an unknown option "${at}.${name}"`, didYouMean(name, Object.keys(known)));
    if (!option.kind.accepts(value))
      throw configError(file, `${at}.${name} is ${shown(value)}, and has to be ${option.kind.must}`);
  }
}
