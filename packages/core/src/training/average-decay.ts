/** The decay of a moving average at a step: it rises to `decay`, so that the first weights are soon forgotten. */
export function averageDecay(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
