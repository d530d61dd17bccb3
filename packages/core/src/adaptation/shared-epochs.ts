/** Epochs in that many parts, none of them empty: fewer parts where there are fewer epochs. */
export function sharedEpochs(epochs: number, parts: number): number[] {
  const count = Math.min(parts, epochs);
  return Array.from(
    { length: count },
    (_, i) => Math.floor(((i + 1) * epochs) / count) - Math.floor((i * epochs) / count),
  );
}
