import type { EvidenceFormat } from '../metrics/evidence-format.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Resampled } from '../metrics/resampling.ts';
import { guard, guardCall } from './guard.ts';
import type { Owner } from './owner.ts';

/** A metric, with the function that it makes for resamples. Whether its number is one is seen where it is reported. */
export function guardMetric(metric: Metric, owner: Owner): Metric {
  return guard(metric, owner, { results: { resampled: (number: Resampled) => guardResampled(number, owner) } });
}

function guardResampled(number: Resampled, owner: Owner): Resampled {
  const { ofDraws } = number;
  return Object.assign(
    guardCall(number, owner),
    number,
    ofDraws && { ofDraws: guardCall(ofDraws, owner, undefined, number) },
  );
}

/** How evidence of a kind is kept. */
export function guardFormat(format: EvidenceFormat, owner: Owner): EvidenceFormat {
  return guard(format, owner);
}
