import type { DataWarning } from '../domains/reading-notes.ts';
import type { ReadSample } from '../domains/target-domain.ts';

/** What is written between several labels in one cell, the likeliest first. */
const SEPARATORS = ['|', ';', ','];
const WARNED = 10;

interface JoinedLabels {
  readonly separator: string;
  /** The labels that look like several. */
  readonly labels: readonly string[];
}

/**
 * Labels that look like several in one: `bad|slow` where there is a `bad`, and `slow` also stands elsewhere. Undefined
 * where fewer than half of those with a separator in them come apart so.
 */
export function joinedLabels(labels: readonly string[]): JoinedLabels | undefined {
  for (const separator of SEPARATORS) {
    const counts = new Map<string, number>();
    for (const label of labels)
      for (const part of partsOf(label, separator)) counts.set(part, (counts.get(part) ?? 0) + 1);
    const several = labels.filter((label) => label.includes(separator));
    const joined = several.filter((label) => {
      const parts = partsOf(label, separator);
      return parts.size > 1 && [...parts].every((part) => counts.get(part)! > 1);
    });
    if (joined.length > 0 && 2 * joined.length >= several.length) return { separator, labels: joined };
  }
  return undefined;
}

function partsOf(label: string, separator: string): Set<string> {
  return new Set(
    label
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
}

/** The warning for classes that look like several labels in one cell; undefined where none does. */
export function joinedLabelsWarning(read: {
  readonly labels: readonly string[];
  readonly samples: readonly ReadSample[];
}): DataWarning | undefined {
  const joined = joinedLabels(read.labels);
  if (!joined) return undefined;
  const { separator, labels } = joined;
  const numbers = new Set(labels.map((label) => read.labels.indexOf(label)));
  const concerned = read.samples.filter(({ sample }) => sample.label !== undefined && numbers.has(sample.label));
  const shown = labels.slice(0, 5).map((label) => `"${label}"`);
  return {
    code: 'labels-look-joined',
    message: `${labels.length} of ${read.labels.length} classes look like several labels in one cell: ${shown.join(', ')}${labels.length > 5 ? ', …' : ''}.`,
    hint: `Take cells apart into labels with --reader-option label-separator="${separator}".`,
    samples: concerned.slice(0, WARNED).map(({ sample }) => sample.id),
  };
}
