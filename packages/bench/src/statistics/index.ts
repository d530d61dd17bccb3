export {
  cohensDz,
  equivalenceP,
  hedgesGz,
  mcnemarP,
  normalCdf,
  normalQuantile,
  pairedInterval,
  pairedMean,
  type PairedMean,
  pairedT,
  tQuantile,
  tTwoSided,
  tUpperTail,
  wilsonInterval,
} from '@headstart/core/statistics';
export { criticalDifference, friedman, type FriedmanTest } from './friedman.ts';
export { holm } from './holm.ts';
export { differencePower, equivalencePower, seedsNeeded, type Supposed } from './power.ts';
export { midranks, tieGroups } from './ranks.ts';
export { signFlipP, wilcoxonP } from './sign-tests.ts';
export { nemenyiConstant } from './studentised-range.ts';
