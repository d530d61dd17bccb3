import { join } from 'node:path';
import type { DrawnData } from '../measure/drawn-data.ts';
import type { Client, Wishes } from './clients.ts';
import { installedSize, type InstalledSize } from './installed-size.ts';
import { Project } from './project.ts';
import { trainPictures } from './scenarios.ts';

/** One row of the table: a client, a Node and a choice of scripts, tried in an empty folder. */
export interface Trial {
  readonly client: string;
  readonly node: string;
  readonly scripts: boolean;
  /** Absent where it failed. */
  readonly outcome?: InstalledSize & {
    /** Of the installation, from an empty folder; what other clients fetched before is near. */
    readonly seconds: number;
    /** SHA-256 of the weights that it trained. */
    readonly weights: string;
  };
  /** Why there is no outcome: what did not work, and what was said. */
  readonly failure?: { readonly what: string; readonly said: string };
}

/** Installs the command with the package of pictures in an empty folder, trains and predicts. */
export async function tryClient(
  folder: string,
  client: Client,
  node: string,
  wishes: Wishes,
  data: DrawnData,
): Promise<Trial & { project?: Project }> {
  let what = 'installing failed';
  const row = { client: `${client.id} ${client.version}`.trim(), node, scripts: wishes.scripts };
  try {
    const project = await Project.open(folder, client, wishes);
    const { seconds } = await project.add('headstart', '@headstart/vision');
    const size = installedSize(folder, join(wishes.cache, 'yarn'));
    what = 'installs; training failed';
    const weights = await trainPictures(project, data);
    return { ...row, outcome: { ...size, seconds, weights }, project };
  } catch (error) {
    return { ...row, failure: { what, said: error instanceof Error ? error.message : String(error) } };
  }
}

/** A row as the program prints it. */
export function trialLine({ client, node, scripts, outcome, failure }: Trial): string {
  const how = `${client}, Node ${node}, scripts ${scripts ? 'on' : 'off'}`;
  if (!outcome) return `${how}: ${failure?.what}. ${failure?.said}`;
  const { seconds, bytes, packages, weights } = outcome;
  return `${how}: ${seconds.toFixed(0)} s, ${(bytes / 1e6).toFixed(0)} MB, ${packages} packages, weights ${weights.slice(0, 12)}`;
}

/** Rows as a table in Markdown. */
export function trialTable(trials: readonly Trial[]): string {
  const rows = trials.map(({ client, node, scripts, outcome, failure }) => {
    const cells = outcome
      ? [
          outcome.seconds.toFixed(0),
          (outcome.bytes / 1e6).toFixed(0),
          outcome.packages,
          `\`${outcome.weights.slice(0, 12)}\``,
        ]
      : [failure!.what, '', '', ''];
    return `| ${[client, node, scripts ? 'on' : 'off', ...cells].join(' | ')} |`;
  });
  return [
    '| client | Node | scripts | install, s | MB | packages | weights |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
