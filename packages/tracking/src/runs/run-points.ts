import type { EpochInfo, StepInfo } from '@headstart/core';
import type { Points } from './tracker.ts';

/** Numbers of a step. */
export function stepPoints({ loss, learningRate }: StepInfo): Points {
  return { 'train/loss': loss, 'train/learning_rate': learningRate };
}

/** Numbers of an epoch: its mean loss, its seconds, and the validation metrics. */
export function epochPoints({ loss, seconds, validation = {} }: EpochInfo): Points {
  return { 'train/epoch_loss': loss, 'train/epoch_seconds': seconds, ...under('validation', validation) };
}

/**
 * Numbers of the finished model. Those of the test split are `test/<metric>`, those of a trial's domains
 * `test/<domain>/<metric>`; those of the validation split, which the epochs have under their own name, `final_validation/<metric>`.
 */
export function finalPoints(metrics: Readonly<Record<string, Points>>, isTrial: boolean): Points {
  const folder = (name: string) => (isTrial ? `test/${name}` : name === 'validation' ? 'final_validation' : name);
  return Object.assign({}, ...Object.entries(metrics).map(([name, values]) => under(folder(name), values))) as Points;
}

function under(folder: string, values: Points): Points {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [tagOf(`${folder}/${name}`), value]));
}

/** A name that every tracker takes: letters, digits and `_ - .` in parts with `/` between them, none of them empty, `.` or `..`. */
function tagOf(name: string): string {
  return name
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => part.replaceAll(/[^\p{L}\p{N}_.-]+/gu, '_'))
    .filter((part) => !/^\.{0,2}$/.test(part))
    .join('/');
}
