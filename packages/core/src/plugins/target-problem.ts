import type { ReadSample, Sample, TargetData } from '../domains/target-domain.ts';
import { targetContract } from './contracts.ts';
import { shapeProblem } from './shape-problem.ts';

const SPLITS: readonly unknown[] = [undefined, 'train', 'validation', 'test'];

/**
 * What is wrong with what a reader for data of this modality gave, beyond what a user could have got wrong; undefined
 * where nothing is. What is known of the samples is not looked at: they may be unlabelled ones.
 */
export function targetProblem(data: TargetData, modality: string): string | undefined {
  const problem = shapeProblem(targetContract, data);
  if (problem !== undefined) return problem;
  if (data.modality !== modality) return `they are ${data.modality} data, and its modality is ${modality}`;
  for (const [index, read] of data.samples.entries()) {
    const wrong = sampleProblem(read);
    if (wrong !== undefined) return `${nameOf(read, index)} ${wrong}`;
  }
  return undefined;
}

/** What is wrong with labels and digests of data that are learned from; undefined where nothing is. */
export function truthProblem({ labels, samples }: TargetData): string | undefined {
  for (const { sample } of samples) {
    const wrong = labelsOf(sample).find((label) => !(Number.isInteger(label) && label >= 0 && label < labels.length));
    if (wrong !== undefined)
      return `the sample "${sample.id}" has the label ${String(wrong)} where there are ${labels.length} labels`;
  }
  const says = ({ sample }: ReadSample) => sample.label !== undefined || sample.labels || sample.objects;
  if (labels.length > 0 && samples.length > 0 && !samples.some(says))
    return `there are ${labels.length} labels, and no sample has one`;
  return digestProblem(samples);
}

function nameOf(read: ReadSample | undefined, index: number): string {
  const id: unknown = read?.sample?.id;
  return typeof id === 'string' && id !== '' ? `the sample "${id}"` : `sample ${index}`;
}

function sampleProblem(read: ReadSample | undefined): string | undefined {
  const sample = read?.sample;
  if (typeof sample !== 'object' || sample === null) return 'is not wrapped: samples are { sample, split }';
  if (typeof sample.id !== 'string' || sample.id === '') return 'has no id';
  if (typeof sample.digest !== 'string' || sample.digest === '') return 'has no digest of its content';
  if (SPLITS.includes(read!.split)) return undefined;
  return `is of the split "${String(read!.split)}", which is not train, validation or test`;
}

function labelsOf({ label, labels = [], objects = [] }: Sample): number[] {
  return [...(label === undefined ? [] : [label]), ...labels, ...objects.map((object) => object.label)];
}

/** Copies of one picture are common, even with labels that differ; a data set of nothing but copies in several classes is not. */
function digestProblem(samples: TargetData['samples']): string | undefined {
  const first = samples[0]?.sample;
  if (!first || samples.length < 3 || samples.some(({ sample }) => sample.digest !== first.digest)) return undefined;
  const truth = ({ label, labels, score, objects }: Sample) => JSON.stringify([label, labels, score, objects]);
  if (samples.every(({ sample }) => truth(sample) === truth(first))) return undefined;
  return `all ${samples.length} samples have one digest, and not one truth: a digest is of a sample's own content`;
}
