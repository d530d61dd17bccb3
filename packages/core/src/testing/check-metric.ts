import { isDeepStrictEqual } from 'node:util';
import type { EvidenceKinds, Metric } from '../metrics/metric.ts';
import { onceEach, resamplesOf } from '../metrics/resamples.ts';
import { valuesOf } from '../metrics/resampling.ts';
import { named } from '../plugins/owner.ts';
import { Registries } from '../plugins/registries.ts';
import type { Backend } from '../ports/backend.ts';
import { checkingBackend } from './plain-backend.ts';
import { expectMeant, expectThat, holdTo, type Rule } from './rules.ts';
import { coreTrials, type MetricTrials } from './sample-evidence.ts';

/** What the conformance kit tries a metric on. Metrics of core's own kinds of evidence need nothing. */
export interface MetricCheck<Kind extends keyof EvidenceKinds = keyof EvidenceKinds> {
  /** Evidence, plain data, such as a model gives that is right more often than not; the metric applies to some of it. */
  readonly evidence?: readonly EvidenceKinds[Kind][];
  /** Evidence for which the number may not exist: of no sample, of one, of samples that are all alike. */
  readonly odd?: readonly EvidenceKinds[Kind][];
  /** The same evidence with its samples in another order. Where it is absent, order is not tried for evidence of a plugin's own. */
  readonly reordered?: (evidence: EvidenceKinds[Kind]) => EvidenceKinds[Kind];
  /** See `checkTask`. */
  readonly backend?: Backend;
}

interface Trial {
  readonly metric: Metric;
  readonly trials: Partial<MetricTrials<never>> & Pick<MetricTrials<never>, 'usual' | 'odd'>;
}

/** Sums of many numbers may be taken in another order; in single precision that stays far below this. */
const TOLERANCE = 1e-5;

/** How many draws its number is computed of together and one by one. */
const DRAWS = 5;

const rules: readonly Rule<Trial>[] = [
  {
    rule: 'it gives a finite number for usual evidence',
    check({ metric, trials }) {
      const applying = trials.usual.filter((evidence) => applies(metric, evidence));
      expectThat(applying.length > 0, 'it applies to none of the evidence that it is tried on');
      for (const evidence of applying) {
        const number: unknown = metric.compute(evidence);
        expectThat(typeof number === 'number' && Number.isFinite(number), `it is ${String(number)}`);
      }
    },
  },
  {
    rule: 'it is pure',
    check({ metric, trials }) {
      for (const evidence of trials.usual) {
        const before = structuredClone(evidence);
        const [first, second] = [numberOf(metric, evidence), numberOf(metric, evidence)];
        expectThat(Object.is(first, second), `it is ${String(first)} and then ${String(second)} of the same evidence`);
        expectThat(isDeepStrictEqual(evidence, before), 'it alters the evidence, which others are computed from');
      }
    },
  },
  {
    rule: 'the order of samples does not matter',
    check({ metric, trials: { usual, reordered } }) {
      if (!reordered) return;
      for (const evidence of usual) {
        const [first, second] = [numberOf(metric, evidence), numberOf(metric, reordered(evidence))];
        expectThat(
          alike(first, second),
          `it is ${String(first)}, and ${String(second)} of the same samples in another order`,
        );
      }
    },
  },
  {
    rule: 'its number of resamples agrees with it',
    check({ metric, trials: { usual, samples } }) {
      if (!metric.resampled || !samples) return;
      for (const evidence of usual) {
        if (!applies(metric, evidence)) continue;
        const number = metric.resampled(evidence);
        const [whole, drawn] = [metric.compute(evidence), number(onceEach(samples(evidence)).counts)];
        expectThat(alike(whole, drawn), `it is ${whole}, and ${drawn} where each sample is drawn once`);
        for (const block of resamplesOf(samples(evidence), DRAWS)) {
          const [together, apart] = [valuesOf(number, block), valuesOf((counts) => number(counts), block)];
          const odd = together.findIndex((value, i) => !alike(value, apart[i]));
          expectThat(
            odd < 0,
            `it is ${apart[odd]} of a draw by itself, and ${together[odd]} of the same among ${DRAWS}`,
          );
        }
      }
    },
  },
  {
    rule: 'odd evidence gives a number, or an error that is meant',
    async check({ metric, trials }) {
      for (const [index, evidence] of trials.odd.entries()) {
        await expectMeant(`odd evidence ${index + 1} of ${trials.odd.length}`, () => {
          const number: unknown = numberOf(metric, evidence);
          expectThat(number === undefined || typeof number === 'number', `it is ${JSON.stringify(number)}`);
        });
      }
    },
  },
];

/**
 * The conformance test of a metric: a finite number for usual evidence, the same each time and in whatever order the
 * samples come, nothing altered; where it has confidence intervals, the number of the samples drawn once each is its own;
 * odd evidence (no sample, one class) gives a number, which may be NaN, or an error with a code.
 *
 * @throws Error naming the metric and the first rule that it breaks
 */
export async function checkMetric<Kind extends keyof EvidenceKinds>(
  metric: Metric<Kind>,
  { evidence, odd, reordered, backend }: MetricCheck<Kind> = {},
): Promise<void> {
  await checkingBackend(backend);
  const known = (coreTrials as unknown as Partial<Record<string, MetricTrials<never>>>)[metric.kind];
  const trials = {
    // Anew for every rule: a metric may alter it.
    get usual() {
      return structuredClone(evidence ?? known?.usual ?? []) as readonly never[];
    },
    get odd() {
      return structuredClone(odd ?? known?.odd ?? []) as readonly never[];
    },
    reordered: (reordered ?? known?.reordered) as MetricTrials<never>['reordered'] | undefined,
    samples: known?.samples,
  };
  await holdTo<{ metric: Metric }>('checkMetric', named('metric', metric), { metric: metric }, [
    {
      rule: 'it keeps its contract',
      check: ({ metric: own }) => void guarded(own),
    },
    {
      rule: 'there is evidence to try it on',
      check: () => expectThat(trials.usual.length > 0, `give some of the kind "${metric.kind}": { evidence: […] }`),
    },
  ]);
  await holdTo('checkMetric', named('metric', metric), { metric: guarded(metric as never), trials }, rules);
}

/** As runs see it. */
function guarded(metric: Metric): Metric {
  const registries = new Registries();
  registries.addMetric('under-test', metric);
  return registries.metrics.list()[0]!.value;
}

const applies = (metric: Metric, evidence: never) => metric.applies?.(evidence) ?? true;
const numberOf = (metric: Metric, evidence: never) =>
  applies(metric, evidence) ? metric.compute(evidence) : undefined;

function alike(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a));
}
