export { mcnemarP, wilsonInterval } from './counts.ts';
export { normalCdf, normalQuantile, tQuantile, tTwoSided, tUpperTail } from './distributions.ts';
export { criticalDifference, friedman, type FriedmanTest } from './friedman.ts';
export { holm } from './holm.ts';
export { cohensDz, equivalenceP, hedgesGz, pairedInterval, pairedMean, pairedT, type PairedMean } from './paired.ts';
export { differencePower, equivalencePower, seedsNeeded, type Supposed } from './power.ts';
export { midranks, tieGroups } from './ranks.ts';
export { signFlipP, wilcoxonP } from './sign-tests.ts';
export { nemenyiConstant } from './studentised-range.ts';
