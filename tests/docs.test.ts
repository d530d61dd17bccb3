import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { createHeadstart, HEAD, type Strategy } from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import { KNOWN_PACKAGES } from '@headstart/core/manifest';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import { describe, expect, it } from 'vitest';
import { entriesOf, workspacePackages } from '../tools/workspace/packages.ts';
import { workspaceRoot } from '../tools/workspace/root.mjs';

const read = (path: string) => readFileSync(path, 'utf8');

/** Markdown files that git tracks or would track, relative to the root. */
const pages = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: workspaceRoot,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(workspaceRoot, path)));

/** Code is no prose: what looks like a link in it is none. */
const withoutCode = (markdown: string) => markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

/** Where links and pictures point, of markdown and of the HTML in it. */
function targets(markdown: string): string[] {
  const text = withoutCode(markdown);
  return [...text.matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g), ...text.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(
    (match) => match[1]!,
  );
}

/** The anchors that a page's headings make, as code forges make them. */
function anchors(markdown: string): Set<string> {
  const headings = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*$/gm);
  return new Set(
    Array.from(headings, ([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Relative links of a page that lead nowhere. */
function brokenLinks(page: string): string[] {
  const path = join(workspaceRoot, page);
  return targets(read(path)).filter((target) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return false;
    const [file = '', anchor] = decodeURIComponent(target).split('#');
    const linked = file === '' ? path : resolve(dirname(path), file);
    if (relative(workspaceRoot, linked).startsWith('..') || !existsSync(linked)) return true;
    return anchor !== undefined && linked.endsWith('.md') && !anchors(read(linked)).has(anchor);
  });
}

describe('markdown pages', () => {
  it('are found, with their links', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/one-training-run.md']));
    expect(targets('[a](b.md#c) ![d](e.svg "f") <img src="g.png"> `[h](i)`\n```\n[j](k)\n```\n')).toEqual([
      'b.md#c',
      'e.svg',
      'g.png',
    ]);
    expect(anchors('# One & two\n## `a-b` c?\n')).toEqual(new Set(['one--two', 'a-b-c']));
  });

  it.each(pages)('%s links to what exists', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});

/** The sources of the packages' entries, by the name that they are imported by. */
const entries = new Map(
  workspacePackages()
    .flatMap(entriesOf)
    .map(({ entry, source }) => [entry, source]),
);

/** Absolute paths of the files that a module takes names from; an index stands for the files that it lists. */
function imports(path: string): Set<string> {
  const found = new Set<string>();
  if (!existsSync(path)) return found;
  const text = read(path);
  // Plugins are imported from where their packages lie.
  const plugins = text.includes('import(pathToFileURL(entryFile(') ? KNOWN_PACKAGES.map(({ name }) => name) : [];
  const named = Array.from(text.matchAll(/(?:\bfrom|\bimport\()\s*'([^']+)'/g), ([, name]) => name!);
  for (const name of [...named, ...plugins]) {
    const file = name.startsWith('.') ? resolve(dirname(path), name) : entries.get(name);
    if (file === undefined || !existsSync(file)) continue;
    if (file.endsWith(`${sep}index.ts`)) for (const listed of imports(file)) found.add(listed);
    else found.add(file);
  }
  return found;
}

/** Pages that follow something through the files, each with the file that it begins with and the one that it ends with. */
const walks = [
  ['one-training-run.md', 'cli/src/main.ts', 'backend/src/libtensorflow/c-api.ts'],
  ['one-sentence.md', 'cli/src/program.ts', 'core/src/export/onnx/encode-onnx.ts'],
  ['one-box.md', 'cli/src/program.ts', 'core/src/images/boxes-svg.ts'],
] as const;

describe.each(walks)('docs/%s', (page, first, last) => {
  const file = join(workspaceRoot, 'docs', page);
  const items = [...read(file).matchAll(/^- \[([^\]]+)\]\((\S+?)\)(:[\s\S]*?)(?=\n\n|\n- )/gm)].map(
    ([, name, target, text]) => ({
      name: name!,
      path: resolve(dirname(file), target!),
      text: text!,
    }),
  );

  it(`goes from ${first} to ${last}, each file once`, () => {
    expect(items[0]?.name).toBe(first);
    expect(items.at(-1)?.name).toBe(last);
    expect(items.length).toBeGreaterThan(30);
    expect(new Set(items.map(({ path }) => path)).size).toBe(items.length);
    for (const { name, path } of items) expect(join(workspaceRoot, 'packages', name)).toBe(path);
  });

  it.each(items.slice(1).map((item, i) => [item.name, item, i + 1] as const))(
    '%s is imported by a file above it',
    (_name, { path }, index) => {
      expect(existsSync(path)).toBe(true);
      const importers = items.slice(0, index).filter((above) => imports(above.path).has(path));
      expect(importers).not.toEqual([]);
    },
  );

  it.each(items.map((item) => [item.name, item] as const))(
    '%s has the functions that the page names',
    (_name, { path, text }) => {
      const named = Array.from(text.matchAll(/`([\w.]+)\(\)`/g), ([, name]) => name!);
      const source = read(path);
      expect(named.filter((name) => !new RegExp(`\\b${name}\\b\\s*[(<]`).test(source))).toEqual([]);
    },
  );
});

/** Looks things up only: nothing computes. */
const registries = () =>
  createHeadstart({
    backend: { close: async () => {} } as unknown as Backend,
    plugins: [vision(), nlp(), detection()],
  });

/** A strategy's defaults as a row of the table, for a network of ten stages, each with a batch norm, of which the last has no weights. */
function defaultsRow(strategy: Strategy): string {
  const { id, defaults } = strategy;
  const stages = Array.from({ length: 10 }, (_, i) => ({
    name: `stage${i}`,
    parameters: i === 9 ? 0 : 1,
    batchNorm: i === 9 ? 0 : 1,
  }));
  const trained = stages.filter(({ parameters }) => parameters > 0);
  const number = (value: number) => String(Number(value.toPrecision(2)));
  const phases = strategy
    .plan(stages, { epochs: defaults.epochs })
    .map(({ name, epochs, trainable, optimiser: { learningRate, weightDecay } }) => {
      const rates = trained.flatMap((stage) =>
        trainable[stage.name] === undefined ? [] : [learningRate * trainable[stage.name]!],
      );
      const ends = [...new Set([number(rates[0] ?? 0), number(rates.at(-1) ?? 0)])].join(' to ');
      const frozen = trained.length - rates.length;
      const network =
        rates.length === 0
          ? 'network frozen'
          : `network ${ends}${frozen > 0 ? ` (${frozen} of ${trained.length} stages frozen)` : ''}`;
      const head = trainable[HEAD] === undefined ? 'head untouched' : `head ${number(learningRate * trainable[HEAD])}`;
      return `${name}: ${epochs} epochs, ${head}, ${network}, decay ${weightDecay}`;
    });
  return `| \`${id}\` | ${defaults.epochs} | ${defaults.steps ?? '–'} | ${defaults.batchSize} | ${phases.join('<br>')} |`;
}

describe('guides', () => {
  const guide = (name: string) => read(join(workspaceRoot, 'docs', name));
  /** Names in the packages' code, tests apart. */
  const namesInCode = (pattern: string) =>
    execFileSync('git', ['grep', '-hoE', pattern, '--', 'packages/*/src/*.ts', ':!*.test.ts'], {
      cwd: workspaceRoot,
      encoding: 'utf8',
    })
      .trim()
      .split('\n');

  it('strategies.md has the defaults that the strategies have', async () => {
    const headstart = await registries();
    for (const { value } of headstart.strategies()) {
      expect(guide('strategies.md')).toContain(defaultsRow(value));
      expect(
        guide('strategies.md').match(new RegExp(`^\\| \`${value.id}\` \\|`, 'gm')),
        'when to take it, and its defaults',
      ).toHaveLength(2);
    }
    await headstart.close();
  });

  it('plugins.md shows the plugin in examples/ as it stands', () => {
    const [shown] = /definePlugin\(\{\n[\s\S]*?\n\}\);\n/.exec(guide('plugins.md'))!;
    expect(read(join(workspaceRoot, 'examples', 'your-own-strategy.ts'))).toContain(shown);
  });

  it('data.md lists the readers, and the data sets with their licences', async () => {
    const headstart = await registries();
    for (const { value } of headstart.readers()) expect(guide('data.md')).toContain(`| \`${value.id}\` |`);
    for (const { value } of headstart.datasets())
      expect(guide('data.md')).toContain(`| \`${value.id}\` | ${value.description} | ${value.licence} |`);
    await headstart.close();
  });

  it('backends.md names the variables that the packages read, and no other', () => {
    const named = Array.from(guide('backends.md').matchAll(/^\| `(HEADSTART_[A-Z]+)` \|/gm), ([, name]) => name!);
    expect(named.sort()).toEqual([...new Set(namesInCode('HEADSTART_[A-Z]+'))].sort());
  });
});

describe('README.md', () => {
  it('shows the program in examples/ as it stands', () => {
    const program = read(join(workspaceRoot, 'examples', 'transfer-in-ten-lines.ts'));
    expect(read(join(workspaceRoot, 'README.md'))).toContain(`\`\`\`ts\n${program}\`\`\`\n`);
    expect(program.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(10);
  });

  it('prints and draws one and the same run of the demo', () => {
    const printed = Array.from(
      read(join(workspaceRoot, 'README.md')).matchAll(/^  (?:transfer|from scratch) \(.*?\)\s+(0\.\d{3})/gm),
      ([, value]) => Number(value),
    );
    const drawn = Array.from(
      read(join(workspaceRoot, 'docs/images/demo.svg')).matchAll(/>(\d+\.\d)%<\/text>/g),
      ([, percent]) => Number(percent),
    );
    expect(printed).toHaveLength(4);
    expect(drawn.map((percent) => (percent / 100).toFixed(3))).toEqual(printed.map((value) => value.toFixed(3)));
  });

  it('shows scripts that package.json has, the one beside the page or the root', () => {
    const scriptsOf = (folder: string) => {
      const path = join(workspaceRoot, folder, 'package.json');
      return existsSync(path) ? (JSON.parse(read(path)) as { scripts?: Record<string, string> }).scripts : undefined;
    };
    const shown = pages.flatMap((page) => {
      const scripts = { ...scriptsOf('.'), ...scriptsOf(dirname(page)) };
      const names = Array.from(read(join(workspaceRoot, page)).matchAll(/\bnpm run ([a-z:-]+)/g), ([, name]) => name!);
      return names.map((name) => ({ page, name, there: scripts[name] !== undefined }));
    });
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter(({ there }) => !there)).toEqual([]);
  });
});
