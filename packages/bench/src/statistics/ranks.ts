/** The rank of each value from 1, the smallest first; equal values share the mean of their ranks. */
export function midranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/**
 * The longest runs of things in order of which no two are told apart; runs may overlap, as the bars of a critical-difference
 * diagram do. A thing that differs from both neighbours is a run of its own.
 */
export function tieGroups(count: number, apart: (i: number, j: number) => boolean): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let reached = -1;
  for (let start = 0; start < count; start++) {
    const group = [start];
    for (let next = start + 1; next < count && group.every((each) => !apart(each, next)); next++) group.push(next);
    if (group.at(-1)! > reached) groups.push(group);
    reached = Math.max(reached, group.at(-1)!);
  }
  return groups;
}
