import { HeadstartError } from './headstart-error.ts';

/** Edit distance (Levenshtein, 1966) between two short names. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}

/** The known name closest to `name`, or undefined where none is near enough to be a slip. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: { name: string; score: number } | undefined;
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    const score = lower.startsWith(wanted) && wanted.length > 2 ? 0.5 : distance(wanted, lower);
    if (!best || score < best.score) best = { name: candidate, score };
  }
  return best && best.score <= Math.max(2, wanted.length / 3) ? best.name : undefined;
}

/** The error for a name that nothing was registered under. `kind` reads like "source". */
export function unknownName(kind: string, name: string, known: readonly string[]): HeadstartError {
  const nearest = nearestName(name, known);
  const list = known.length > 0 ? `Known: ${[...known].sort().join(', ')}.` : 'None is registered.';
  return new HeadstartError({
    code: 'unknown-name',
    message: `Unknown ${kind} "${name}".`,
    hint: nearest ? `Did you mean "${nearest}"? ${list}` : list,
  });
}
