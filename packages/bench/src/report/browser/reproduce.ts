import type { CellPlace } from '../report-data.ts';

/** The command that runs a cell, or one of its seeds, again into a folder of its own. */
export function reproduceCommand(place: CellPlace, seed?: number): string {
  const { source, train, adapt, test, strategy, shots } = place;
  const pattern = { source, train, ...(adapt === null ? {} : { adapt }), test, strategy, shots, seed };
  const only = Object.entries(pattern).flatMap(([key, value]) => (value === undefined ? [] : `${key}=${value}`));
  return `headstart bench bench.config.ts --only ${shellWord(only.join(','))} --out again`;
}

/** A word that a POSIX shell takes as it stands. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
