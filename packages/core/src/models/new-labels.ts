import { HeadstartError, nearestName } from '@headstart/artifacts/errors';

/** Labels that are to be called otherwise, and labels that are to become one. */
export interface LabelChanges {
  /** Pairs of a label and its new name. */
  readonly rename?: readonly (readonly [from: string, to: string])[];
  /** Labels, and the one that they become. */
  readonly merge?: readonly (readonly [from: readonly string[], to: string])[];
}

/** A model's new labels, and for each of the former its place among them. */
export interface NewLabels {
  readonly labels: readonly string[];
  readonly places: readonly number[];
}

/**
 * All changes are of the labels as they are, and made at once. Merged labels come where the first of them was.
 * @throws HeadstartError `label-invalid`, `invalid-option`
 */
export function newLabels(labels: readonly string[], { rename = [], merge = [] }: LabelChanges): NewLabels {
  const changes = [...rename.map(([from, to]) => ({ from: [from], to })), ...merge.map(([from, to]) => ({ from, to }))];
  if (changes.length === 0) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: 'Nothing is asked to be renamed or merged.',
      hint: 'Name labels, such as --rename cat=kitten or --merge lion,tiger=cat.',
    });
  }
  const names = [...labels];
  const changed = new Set<string>();
  for (const { from, to } of changes) {
    if (to.trim() === '') throw invalid(`No new name is given for ${quoted(from)}.`, 'Write the new name after "=".');
    for (const label of from) {
      const place = labels.indexOf(label);
      if (place < 0) throw unknown(label, labels);
      if (changed.has(label)) throw invalid(`The label "${label}" is changed twice.`, 'Name each label once.');
      changed.add(label);
      names[place] = to;
    }
  }
  for (const [from] of merge) {
    if (from.length < 2)
      throw invalid(`One label alone, ${quoted(from)}, is to be merged.`, 'Name two at least, or rename it.');
  }
  const found = [...new Set(names)];
  for (const name of found) {
    const members = labels.filter((_, i) => names[i] === name);
    const asked = changes.some(({ from, to }) => to === name && members.every((label) => from.includes(label)));
    // A label that keeps its name may take others in: --merge lion,tiger=cat where there is a cat.
    if (members.length > 1 && !asked && !takesIn(name, members, merge))
      throw invalid(
        `The labels ${quoted(members)} would all be called "${name}".`,
        `Write --merge ${members.join(',')}=${name} if they are to be one.`,
      );
  }
  return { labels: found, places: names.map((name) => found.indexOf(name)) };
}

function takesIn(name: string, members: readonly string[], merge: NonNullable<LabelChanges['merge']>): boolean {
  return merge.some(([from, to]) => to === name && members.every((label) => label === name || from.includes(label)));
}

function unknown(label: string, labels: readonly string[]): HeadstartError {
  const near = nearestName(label, labels);
  const shown = `${labels.slice(0, 20).join(', ')}${labels.length > 20 ? ', …' : ''}`;
  return invalid(
    labels.length > 0 ? `The model has no label "${label}".` : 'The model has no labels.',
    `${near ? `Did you mean "${near}"? ` : ''}Its labels: ${shown || 'none'}.`,
  );
}

function quoted(labels: readonly string[]): string {
  return labels.map((label) => `"${label}"`).join(', ');
}

function invalid(message: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'label-invalid', message, hint });
}
