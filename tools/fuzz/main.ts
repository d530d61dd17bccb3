/**
 * Fuzzing: inputs that were altered or made up, read in child processes that are watched. Ends with 1 where one crashed,
 * hung, outgrew its memory or threw an error without a code; these inputs are kept.
 *
 *   npm run fuzz -- --minutes 10 [--seed N] [--only FAMILY]
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { FAMILIES } from './families.ts';
import type { Outcome } from './family.ts';
import { fuzz, replay } from './fuzz.ts';
import { fuzzOptions, USAGE, type FuzzOptions } from './options.ts';
import { isFault } from './tally.ts';

const known = FAMILIES.map(({ name }) => name);
let options: FuzzOptions;
try {
  options = fuzzOptions(process.argv.slice(2), availableParallelism());
  const unknown = options.only.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no family "${unknown}". Families: ${known.join(', ')}.`);
  if (options.replay.length > 0 && options.only.length !== 1) throw new Error('--replay needs one --only.');
} catch (error) {
  console.error(`${(error as Error).message}\n${USAGE}`);
  process.exit(2);
}
const families = options.only.length > 0 ? options.only : known;
if (options.replay.length > 0) {
  const folders = options.replay.map((folder) => resolve(folder));
  let faults = 0;
  try {
    await replay(families[0]!, folders, (folder, outcome) => {
      console.log(`${folder}: ${described(outcome)}`);
      faults += Number(isFault(outcome));
    });
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
  process.exit(faults > 0 ? 1 : 0);
}
console.log(`seed ${options.seed}, ${families.length} families`);
const tally = await fuzz({
  ...options,
  families,
  kept: resolve(options.kept),
  failed: (family, seed, outcome) => console.log(`${family}, seed ${seed}: ${described(outcome)}`),
});
for (const line of tally.lines()) console.log(line);
console.log(`${tally.inputs} inputs, ${tally.faults} faults${tally.faults > 0 ? `, kept in ${options.kept}` : ''}`);
process.exitCode = tally.faults > 0 ? 1 : 0;

/** An outcome on a line. */
function described(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return outcome.kind;
  const code = outcome.kind === 'refused' ? ` [${outcome.code}]` : '';
  return `${outcome.kind}${code}: ${JSON.stringify(outcome.message.split('\n').slice(0, 4).join(' | ').slice(0, 600))}`;
}
