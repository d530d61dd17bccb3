import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run fuzz -- [options]
  --minutes <n>      how long to go on; 10 where neither is given
  --inputs <n>       how many inputs to read
  --seed <n>         of the first input, each next one's is one more; drawn where absent
  --only <family>    one family; repeatable
  --jobs <n>         processes that read; as many as processors where absent, at most 4
  --replay <folder>  read the input that lies there, by the family that --only names; repeatable
  --kept <folder>    where inputs that fail are kept: fuzz-failures`;

export interface FuzzOptions {
  readonly minutes: number;
  readonly inputs: number;
  readonly seed: number;
  readonly only: readonly string[];
  readonly jobs: number;
  readonly replay: readonly string[];
  readonly kept: string;
}

/** @throws Error for what is no option */
export function fuzzOptions(args: readonly string[], processors: number): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string' },
      inputs: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      jobs: { type: 'string' },
      replay: { type: 'string', multiple: true, default: [] },
      kept: { type: 'string', default: 'fuzz-failures' },
    },
  });
  const inputs = amount('inputs', values.inputs);
  return {
    inputs: inputs ?? Infinity,
    minutes: amount('minutes', values.minutes) ?? (inputs === undefined ? 10 : Infinity),
    seed: Math.floor(amount('seed', values.seed, 0) ?? Math.random() * 2 ** 31),
    only: values.only,
    jobs: Math.ceil(amount('jobs', values.jobs) ?? Math.min(4, processors)),
    replay: values.replay,
    kept: values.kept,
  };
}

function amount(name: string, text: string | undefined, least = Number.MIN_VALUE): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
  throw new Error(`--${name} is "${text}", and has to be a number${least > 0 ? ' above 0' : ''}.`);
}
