export { mcnemarP, wilsonInterval } from './counts.ts';
export {
  fUpperTail,
  normalCdf,
  normalDensity,
  normalQuantile,
  overEstimatedSpread,
  tQuantile,
  tTwoSided,
  tUpperQuantile,
  tUpperTail,
  upperQuantile,
} from './distributions.ts';
export { cohensDz, equivalenceP, hedgesGz, pairedInterval, pairedMean, pairedT, type PairedMean } from './paired.ts';
export { incompleteBeta, logGamma } from './special-functions.ts';
