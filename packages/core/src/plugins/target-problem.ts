import type { ReadSample, Sample, TargetData } from '../domains/target-domain.ts';
import { targetContract } from './contracts.ts';
import { shapeProblem } from './shape-problem.ts';

const SPLITS: readonly unknown[] = [undefined, 'train', 'validation', 'test'];

/** What is wrong with what a reader for data of this modality gave, beyond what a user could have got wrong; undefined where nothing is. */
export function targetProblem(data: TargetData, modality: string): string | undefined {
  const problem = shapeProblem(targetContract, data);
  if (problem !== undefined) return problem;
  if (data.modality !== modality) return `they are ${data.modality} data, and its modality is ${modality}`;
  for (const [index, read] of data.samples.entries()) {
    const wrong = sampleProblem(read, data.labels.length);
    if (wrong !== undefined) return `${nameOf(read, index)} ${wrong}`;
  }
  return labelsProblem(data) ?? digestProblem(data.samples);
}

function nameOf(read: ReadSample | undefined, index: number): string {
  const id: unknown = read?.sample?.id;
  return typeof id === 'string' && id !== '' ? `the sample "${id}"` : `sample ${index}`;
}

function sampleProblem(read: ReadSample | undefined, labels: number): string | undefined {
  const sample = read?.sample;
  if (typeof sample !== 'object' || sample === null) return 'is not wrapped: samples are { sample, split }';
  if (typeof sample.id !== 'string' || sample.id === '') return 'has no id';
  if (typeof sample.digest !== 'string' || sample.digest === '') return 'has no digest of its content';
  if (!SPLITS.includes(read!.split))
    return `is of the split "${String(read!.split)}", which is not train, validation or test`;
  const wrong = labelsOf(sample).find((label) => !(Number.isInteger(label) && label >= 0 && label < labels));
  return wrong === undefined ? undefined : `has the label ${String(wrong)} where there are ${labels} labels`;
}

function labelsOf({ label, labels = [], objects = [] }: Sample): number[] {
  return [...(label === undefined ? [] : [label]), ...labels, ...objects.map((object) => object.label)];
}

/** Where there are labels, a sample says which are its own, if only that none is. */
function labelsProblem({ labels, samples }: TargetData): string | undefined {
  if (labels.length === 0 || samples.length === 0) return undefined;
  const says = ({ sample }: ReadSample) => sample.label !== undefined || sample.labels || sample.objects;
  return samples.some(says) ? undefined : `there are ${labels.length} labels, and no sample has one`;
}

/** Copies of one picture are common, even with labels that differ; a data set of nothing but copies in several classes is not. */
function digestProblem(samples: TargetData['samples']): string | undefined {
  const first = samples[0]?.sample;
  if (!first || samples.length < 3 || samples.some(({ sample }) => sample.digest !== first.digest)) return undefined;
  const truth = ({ label, labels, score, objects }: Sample) => JSON.stringify([label, labels, score, objects]);
  if (samples.every(({ sample }) => truth(sample) === truth(first))) return undefined;
  return `all ${samples.length} samples have one digest, and not one truth: a digest is of a sample's own content`;
}
