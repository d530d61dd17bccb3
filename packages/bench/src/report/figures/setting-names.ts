import { trainingName } from '../names.ts';
import type { CellPlace } from '../report-data.ts';

type Setting = Omit<CellPlace, 'strategy'>;

/** Names settings by what tells them apart: a source or a number of shots that all have in common is left out. */
export function settingNames(all: readonly Setting[]): (setting: Setting) => string {
  const several = (of: (setting: Setting) => unknown) => new Set(all.map(of)).size > 1;
  const [sources, shots] = [several(({ source }) => source), several((setting) => setting.shots)];
  return (setting) =>
    [
      `${trainingName(setting)} → ${setting.test}`,
      ...(shots ? [String(setting.shots)] : []),
      ...(sources ? [setting.source] : []),
    ].join(' · ');
}
