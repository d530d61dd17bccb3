import { HeadstartError } from '@headstart/core';
import type { TextTargets } from '../texts/text-encoder.ts';

/** The name of the target: a distribution over the classes, or a 1 for each label, `[classes]`. */
export const LABEL = 'label';

/** One-hot. */
export function oneClass(classes: number): TextTargets {
  return {
    specs: { [LABEL]: { shape: [classes], dtype: 'float32' } },
    of({ id, label }) {
      if (label === undefined || label >= classes)
        throw invalidLabel(
          id,
          label === undefined ? 'no label' : `the label ${label}, but there are only ${classes} classes`,
        );
      return { [LABEL]: new Float32Array(classes).fill(1, label, label + 1) };
    },
  };
}

/** A 1 for each label that the text has. */
export function severalLabels(classes: number): TextTargets {
  return {
    specs: { [LABEL]: { shape: [classes], dtype: 'float32' } },
    of({ id, label, labels = label === undefined ? undefined : [label] }) {
      if (labels === undefined) throw invalidLabel(id, 'no list of labels');
      const wrong = labels.find((index) => index >= classes);
      if (wrong !== undefined) throw invalidLabel(id, `the label ${wrong}, but there are only ${classes} classes`);
      const target = new Float32Array(classes);
      for (const index of labels) target[index] = 1;
      return { [LABEL]: target };
    },
  };
}

function invalidLabel(id: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'label-invalid',
    message: `${id} has ${what}.`,
    hint: 'Only labelled texts can be learned from or evaluated on.',
  });
}
