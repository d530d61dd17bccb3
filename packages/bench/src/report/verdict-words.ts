import type { Verdict, VerdictKind } from '../statistics/verdict.ts';
import { counted, distinct } from './names.ts';
import { confidence, decimal, pText, rounded, roundedEnds, signed } from './rounded.ts';

/** Verdicts as tables have them. */
export const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  better: 'better',
  worse: 'worse',
  equivalent: 'equivalent',
  undecided: 'undecided',
  'too-few-seeds': 'too few seeds',
};

/** What says of a difference whether it is one. */
export interface Margins {
  readonly alpha: number;
  readonly delta: number;
}

/** A verdict as a sentence, its numbers in brackets. */
export function verdictSentence(verdict: Verdict, { alpha, delta }: Margins): string {
  const { a, b, on, seeds, moreSeeds, difference } = verdict;
  const size = rounded(Math.abs(difference ?? 0), verdict.interval).value;
  const said = {
    better: `${a} beats ${b} by ${size}`,
    worse: `${a} loses to ${b} by ${size}`,
    equivalent: `${a} and ${b} are equivalent within ${delta}`,
    undecided: `${a} and ${b} cannot be told apart${moreSeeds === undefined ? '' : `: about ${counted(moreSeeds, 'more seed')} would decide`}`,
    'too-few-seeds': tooFew(verdict),
  }[verdict.verdict];
  const facts = [
    verdict.interval && verdict.verdict !== 'too-few-seeds'
      ? `${confidence(alpha)} interval ${roundedEnds(verdict.interval).map(signed).join(' to ')}`
      : undefined,
    verdict.pCorrected === null ? undefined : `p ${pText(verdict.pCorrected)} after Holm`,
    counted(seeds, 'seed'),
  ].filter((fact) => fact !== undefined);
  return `${said} (${on}; ${facts.join('; ')}).`;
}

function tooFew({ a, b, difference, seeds }: Verdict): string {
  if (difference === null) return `${a} and ${b} have no seed in common`;
  return `${a} differs from ${b} by ${signed(decimal(difference))}, and ${counted(seeds, 'seed')} are too few for a verdict`;
}

/** A pair of methods, and what all comparisons of it came to. */
export interface PairSummary {
  readonly a: string;
  readonly b: string;
  readonly counts: Readonly<Record<VerdictKind, number>>;
  readonly comparisons: number;
  /** Null where no comparison has a difference. */
  readonly meanDifference: number | null;
  /** Seeds that the undecided comparison which is nearest to a verdict still needs. */
  readonly moreSeeds?: number;
}

/** In the order of the verdicts. */
export function pairSummaries(verdicts: readonly Verdict[]): PairSummary[] {
  const name = ({ a, b }: Verdict) => JSON.stringify([a, b]);
  return distinct(verdicts.map(name)).map((pair) => {
    const own = verdicts.filter((verdict) => name(verdict) === pair);
    const of = (kind: VerdictKind) => own.filter(({ verdict }) => verdict === kind).length;
    const differences = own.flatMap(({ difference }) => difference ?? []);
    const more = own.flatMap(({ verdict, moreSeeds }) => (verdict === 'undecided' ? (moreSeeds ?? []) : []));
    return {
      a: own[0]!.a,
      b: own[0]!.b,
      counts: {
        better: of('better'),
        worse: of('worse'),
        equivalent: of('equivalent'),
        undecided: of('undecided'),
        'too-few-seeds': of('too-few-seeds'),
      },
      comparisons: own.length,
      meanDifference:
        differences.length === 0 ? null : differences.reduce((sum, each) => sum + each, 0) / differences.length,
      ...(more.length > 0 ? { moreSeeds: Math.min(...more) } : {}),
    };
  });
}

/** A pair in one sentence for people. */
export function pairSentence({ a, b, counts, comparisons, meanDifference, moreSeeds }: PairSummary): string {
  const { better, worse, equivalent, undecided } = counts;
  const few = counts['too-few-seeds'];
  const mean = meanDifference === null ? 'no seed in common' : `${signed(decimal(meanDifference))} on average`;
  if (few === comparisons)
    return `Of ${a} and ${b} nothing can be said (${counted(comparisons, 'comparison')} with too few seeds or no spread; ${mean}).`;
  const of = (count: number) => `${count} of ${counted(comparisons, 'comparison')}`;
  const first =
    better > 0 && worse === 0
      ? `${a} beats ${b} in ${of(better)} and loses none`
      : worse > 0 && better === 0
        ? `${a} loses to ${b} in ${of(worse)} and wins none`
        : better > 0
          ? `${a} beats ${b} in ${of(better)} and loses in ${worse}`
          : equivalent === comparisons
            ? `${a} and ${b} are equivalent in all of ${counted(comparisons, 'comparison')}`
            : `${a} and ${b} cannot be told apart in ${of(comparisons - equivalent)}`;
  const rest = [
    mean,
    better + worse > 0 && equivalent > 0 ? `equivalent in ${equivalent}` : '',
    better + worse > 0 && undecided > 0 ? `undecided in ${undecided}` : '',
    better + worse === 0 && equivalent > 0 && equivalent < comparisons ? `equivalent in ${equivalent}` : '',
    few > 0 ? `too few seeds in ${few}` : '',
    moreSeeds === undefined ? '' : `the nearest needs about ${counted(moreSeeds, 'more seed')}`,
  ].filter((part) => part !== '');
  return `${first} (${rest.join('; ')}).`;
}

/** What the verdicts of a benchmark come to, a sentence for each pair of strategies. */
export function pairSentences(verdicts: readonly Verdict[]): string[] {
  return pairSummaries(verdicts).map(pairSentence);
}
