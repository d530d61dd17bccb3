import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { DrawnData } from '../measure/drawn-data.ts';
import { audioPlugin, writeGlides } from '../workspace/audio-plugin.ts';
import { npmLine } from './clients.ts';
import { expect } from './expect.ts';
import type { Project } from './project.ts';
import { publishFolder } from './publish-packages.ts';
import { succeeded, type Outcome } from './run-program.ts';
import type { Trained } from './scenarios.ts';

/** What `headstart plugins --json` says that is looked at here. */
interface ListedPlugin {
  readonly name: string;
  readonly origin: string;
  readonly registers: Readonly<Record<string, readonly string[]>>;
}

/** Makes a folder beside the project. */
async function folderBeside(project: Project, name: string): Promise<string> {
  const folder = join(dirname(project.folder), name);
  await mkdir(folder);
  return folder;
}

/** Runs npm in a folder, on the project's registry. @throws Error with what it said where it fails */
async function npmIn(folder: string, project: Project, ...args: string[]): Promise<Outcome> {
  // What `npm create` has fetched once it starts again from its cache, be it of another day's registry.
  const env = { npm_config_cache: join(project.wishes.cache, 'npm') };
  return succeeded(await project.run(npmLine(project.wishes, ...args), env, folder));
}

/** Adds a plugin by the command, which then lists it. @returns what it brings, as words */
async function addPlugin(project: Project, name: string): Promise<string> {
  succeeded(await project.headstart(['add', name, '--yes']));
  const listed = await project.document<ListedPlugin[]>('plugins');
  const found = listed.find((plugin) => plugin.name === name);
  expect(found?.origin === 'config', `${name} in headstart plugins, from the configuration; it is ${found?.origin}`);
  const brought = Object.entries(found.registers).map(([kind, ids]) => `${kind}: ${ids.join(', ')}`);
  return `headstart plugins: ${name} from config brings ${brought.join('; ')}`;
}

/** Starts a plugin by `npm create`, tests, publishes and adds it, and trains by its strategy. */
export async function createdPlugin(project: Project, { pictures }: DrawnData): Promise<string[]> {
  const name = 'headstart-plugin-tried';
  const place = await folderBeside(project, 'created');
  await npmIn(place, project, 'create', '--yes', '@headstart/plugin', name, '--', '--kind', 'strategy');
  const folder = join(place, name);
  await npmIn(folder, project, 'install');
  const { stdout } = await npmIn(folder, project, 'test');
  const tests = /Tests\s+(\d+ passed.*)/.exec(stripVTControlCharacters(stdout))?.[1];
  expect(tests !== undefined, `tests that passed; npm test said ${stdout}`);
  await publishFolder(project.wishes.registry, folder, true);
  const added = await addPlugin(project, name);
  const how = ['--strategy', 'tried', '--epochs', '2'];
  const { task, source } = await project.document<Trained>('train', pictures, ...how);
  return [`npm test: ${tests}`, added, `headstart train --strategy tried: ${task} from ${source}`];
}

/** Publishes the plugin of recordings as its author would, adds it, trains, predicts, explains and exports. */
export async function recordings(project: Project): Promise<string[]> {
  const folder = await folderBeside(project, 'plugin-audio');
  const left = ['node_modules', 'dist'];
  await cp(audioPlugin, folder, { recursive: true, filter: (path) => !left.includes(basename(path)) });
  await npmIn(folder, project, 'install');
  await publishFolder(project.wishes.registry, folder, true);
  const added = await addPlugin(project, 'headstart-plugin-audio');

  const words = await folderBeside(project, 'words');
  await writeGlides(words, 10);
  const { task, source, model, metrics } = await project.document<Trained>('train', words, '--split', '60/0/40');
  expect(task === 'audio-classification', `a classifier of recordings; it is ${task}`);
  const accuracy = metrics['test']?.['accuracy'];
  expect(accuracy === 1, `all recordings told apart; the accuracy is ${accuracy}`);

  const why = join(project.folder, 'why.png');
  const clip = join(words, 'rise', '3.wav');
  const [prediction] = await project.document<{ label: string }[]>('predict', model, clip, '--explain', why);
  expect(prediction?.label === 'rise', `the word of ${clip}; it is ${prediction?.label}`);
  const picture = await readFile(why);
  expect(picture.toString('latin1', 1, 4) === 'PNG', `a picture in ${why}`);

  const web = join(project.folder, 'web');
  await project.document('export', model, '--format', 'tfjs', '--out', web);
  const { format } = JSON.parse(await readFile(join(web, 'model.json'), 'utf8')) as { format: string };
  return [
    added,
    `headstart train: ${task} from ${source}, test accuracy ${accuracy}`,
    `headstart predict --explain: ${prediction.label}, a picture of ${picture.length} bytes`,
    `headstart export: ${format}`,
  ];
}
