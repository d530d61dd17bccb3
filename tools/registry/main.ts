// `npm run registry`: the packages as users meet them. Publishes what `npm run build` laid out to a registry on loopback,
// and installs, trains and predicts from there in empty folders: with npm and this Node, or with --all with every client,
// with scripts on and off, and on every Node that is supported, into the table of docs/installing.md. With --all too, or
// with --plugins alone, plugins are made, published and used as other people would.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts } from '@headstart/core';
import { drawData, type DrawnData } from '../measure/drawn-data.ts';
import { terminalProgress } from '../workspace/terminal-progress.ts';
import { fetchNode, nodeIn, NODE_VERSIONS } from '../workspace/nodes.ts';
import { workspaceRoot } from '../workspace/root.mjs';
import { bunClient, npmClient, pnpmClient, yarnClient, type Client, type Wishes } from './clients.ts';
import { createdPlugin, recordings } from './plugin-scenarios.ts';
import { Project } from './project.ts';
import { publishPackages } from './publish-packages.ts';
import { addDomain, addWithoutNetwork, missingDomain, trainWithoutNetwork } from './scenarios.ts';
import { trialLine, trialTable, tryClient, type Trial } from './trial.ts';
import { openRegistry } from './verdaccio.ts';

/** A label, and what shows it; it may give lines of what was seen. */
type Step = readonly [label: string, scenario: (project: Project, data: DrawnData) => Promise<void | string[]>];

/** What comes after the first training, each step with what it shows. */
const steps: readonly Step[] = [
  ['a table of texts names the package that reads it', missingDomain],
  ['weights that cannot be had are named', trainWithoutNetwork],
  ['headstart add without a registry says so and changes nothing', addWithoutNetwork],
  ['headstart add brings the package of texts, which trains', addDomain],
];

/** Plugins of other people. */
const pluginSteps: readonly Step[] = [
  ['a plugin started by npm create passes its tests, is added and trains', createdPlugin],
  ['the plugin of recordings is added, trains, predicts, explains and exports', recordings],
];

const { values } = parseArgs({
  options: { all: { type: 'boolean', default: false }, plugins: { type: 'boolean', default: false } },
});
const folder = await mkdtemp(join(tmpdir(), 'headstart-tried-'));
const registry = await openRegistry();
try {
  await publishPackages(registry.url);
  const data = await drawData(join(folder, 'data'), 4);
  const wishes: Wishes = {
    registry: registry.url,
    node: await nodeIn(join(folder, 'node'), process.execPath),
    scripts: true,
    cache: join(folder, 'cache'),
  };
  if (!values.plugins) await installAndTrain(wishes, data);
  if (values.all || values.plugins) await otherPeoplesPlugins(wishes, data);
} finally {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
}

/** The first day, or with --all every client, which are to train the same weights. */
async function installAndTrain(wishes: Wishes, data: DrawnData): Promise<void> {
  const trials = values.all ? await everyClient(wishes, data) : [await firstSteps(wishes, data)];
  const digests = new Set(trials.flatMap(({ outcome }) => (outcome ? [outcome.weights] : [])));
  if (values.all) {
    await writeTable(trials);
    console.log(digests.size === 1 ? 'All that trained gave the same weights, bit for bit.' : 'The weights differ.');
  }
  if (digests.size !== 1 || trials.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
}

/** Plugins that are no part of the workspace, with npm and this Node, in a project that reads pictures. */
async function otherPeoplesPlugins(wishes: Wishes, data: DrawnData): Promise<void> {
  const project = await Project.open(join(folder, 'others', 'project'), npmClient(), wishes);
  await project.add('headstart', '@headstart/vision');
  await walk(project, data, pluginSteps);
}

/** Goes through steps, of which one that fails does not keep the next from being tried. */
async function walk(project: Project, data: DrawnData, path: readonly Step[]): Promise<void> {
  for (const [label, scenario] of path) {
    try {
      const seen = await scenario(project, data);
      console.log(`${label}: yes`);
      for (const line of seen ?? []) console.log(`  ${line}`);
    } catch (error) {
      console.error(`${label}: no. ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}

/** What somebody does on the first day, with npm and this Node. */
async function firstSteps(wishes: Wishes, data: DrawnData): Promise<Trial> {
  const { project, ...trial } = await tryClient(
    join(folder, 'first'),
    npmClient(),
    process.versions.node,
    wishes,
    data,
  );
  console.log(trialLine(trial));
  if (project) await walk(project, data, steps);
  return trial;
}

/** Every client with scripts on and off on this Node, and npm on every other Node. */
async function everyClient(wishes: Wishes, data: DrawnData): Promise<Trial[]> {
  const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress: terminalProgress() });
  const trials: Trial[] = [];
  const attempt = async (client: Client, version: string, how: Wishes) => {
    const place = join(folder, `${trials.length}`);
    const { project: _, ...trial } = await tryClient(place, client, version, how, data);
    await rm(place, { recursive: true, force: true });
    trials.push(trial);
    console.log(trialLine(trial));
  };
  const absent = (client: string, node: string, error: unknown) => {
    const failure = { what: 'not tried', said: error instanceof Error ? error.message : String(error) };
    trials.push({ client, node, scripts: true, failure });
    console.log(trialLine(trials.at(-1)!));
  };
  for (const [name, open] of [
    ['npm', npmClient],
    ['pnpm', pnpmClient],
    ['yarn', () => yarnClient('node-modules')],
    ['yarn PnP', () => yarnClient('pnp')],
    ['bun', () => bunClient(artifacts)],
  ] as const) {
    try {
      const client = await open();
      for (const scripts of [true, false]) await attempt(client, process.versions.node, { ...wishes, scripts });
    } catch (error) {
      absent(name, process.versions.node, error);
    }
  }
  for (const version of NODE_VERSIONS) {
    try {
      const node = await nodeIn(join(folder, `node-${version}`), await fetchNode(artifacts, version));
      await attempt(npmClient(), version, { ...wishes, node });
    } catch (error) {
      absent('npm', version, error);
    }
  }
  return trials;
}

/** Puts the table into its place in the docs. */
async function writeTable(trials: readonly Trial[]): Promise<void> {
  const page = join(workspaceRoot, 'docs', 'installing.md');
  const text = await readFile(page, 'utf8');
  const marks = /(<!-- table: npm run registry -- --all -->\n)[\s\S]*?(<!-- end of table -->)/;
  if (!marks.test(text)) throw new Error(`${page} has no place for the table: its two comments are gone.`);
  await writeFile(page, text.replace(marks, `$1\n${trialTable(trials)}\n\n$2`));
}
