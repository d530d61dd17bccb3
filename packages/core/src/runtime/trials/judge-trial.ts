import type { EvidenceFormat, EvidenceItems } from '../../metrics/evidence-format.ts';
import type { Evidence } from '../../metrics/metric.ts';
import type { Sample } from '../../domains/target-domain.ts';
import { named } from '../../plugins/owner.ts';
import type { TrialOutcome } from '../../runs/trial.ts';
import type { Run } from '../../training/run.ts';
import type { Judged } from '../../training/split-evaluation.ts';
import type { JudgedSamples } from '../judged-samples.ts';

/** How evidence is kept, by its kind. */
export type Formats = ReadonlyMap<string, { readonly value: EvidenceFormat }>;

/** What a trained model came to on one domain, item by item. */
export async function outcomeOf(
  run: Run,
  formats: Formats,
  target: string,
  { samples, split }: Pick<JudgedSamples, 'samples' | 'split'>,
  { evidence, metrics, intervals }: Judged,
): Promise<TrialOutcome> {
  const all = Array.from({ length: samples.length }, (_, i): Sample => samples.get(i));
  const items = evidence && itemsOf(formats, evidence);
  const rows = items?.columns[0]?.values.length;
  if (items && rows !== all.length)
    await run.warnOnce(
      `${named('task', run.transfer.task)}: its evidence is of ${rows ?? 0} items where ${all.length} were judged; it is left out.`,
    );
  return {
    target,
    split,
    samples: all.length,
    metrics,
    intervals,
    ids: all.map(({ id }) => id),
    digests: all.map(({ digest }) => digest),
    trainedOn: countTrained(run, all),
    ...(items && rows === all.length && { items }),
  };
}

function countTrained({ transfer }: Run, samples: readonly Sample[]): number {
  const { train } = transfer.target.splits;
  const trained = new Set(Array.from({ length: train.length }, (_, i) => train.get(i).digest));
  return samples.filter(({ digest }) => trained.has(digest)).length;
}

function itemsOf(formats: Formats, { kind, evidence }: Evidence): EvidenceItems | undefined {
  const format = formats.get(kind)?.value;
  return format && { kind, ...format.write(evidence) };
}
