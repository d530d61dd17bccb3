import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../domains/target-domain.ts';
import type { HostTensors, TensorSpecs } from '../network/tensors.ts';

/** What a task learns of a sample, for its encoder. */
export interface SampleTargets<S extends Sample = Sample> {
  readonly specs: TensorSpecs;
  /** @throws HeadstartError `label-invalid` */
  of(sample: S): HostTensors;
}

/** The name of a classifier's target: a distribution over the classes, or a 1 for each label, `[classes]`. */
export const LABEL = 'label';

/** One-hot. */
export function oneClass(classes: number): SampleTargets {
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

/** A 1 for each label that the sample has; one that has a single label and no list has that one. */
export function severalLabels(classes: number): SampleTargets {
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
    hint: 'Only labelled samples can be learned from or evaluated on.',
  });
}
