import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { codeBlocks, shellCommands, shellWords, type CodeBlock } from '../tools/docs-site/code-blocks.ts';
import { workspaceRoot } from '../tools/workspace/root.mjs';

/** Pages of excerpts have tests of their own, which find each in its file: plugin-audio.test.ts, conformance-example.test.ts. */
const EXCERPTS = ['docs/a-domain-in-200-lines.md', 'docs/conformance.md'];

const pages = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: workspaceRoot,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && !EXCERPTS.includes(path) && !path.includes('/templates/'))
  .filter((path) => existsSync(join(workspaceRoot, path)));

interface Found extends CodeBlock {
  readonly page: string;
}
const blocks: readonly Found[] = pages.flatMap((page) =>
  codeBlocks(readFileSync(join(workspaceRoot, page), 'utf8')).map((block) => ({ ...block, page })),
);
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

it('blocks are found with their lines and notes, commands without their comments', () => {
  expect(codeBlocks('a\n\n<!-- with: let b; -->\n```ts\nb = 1;\n```\n```\nc\n```\n')).toEqual([
    { language: 'ts', code: 'b = 1;\n', line: 5, notes: ['with: let b;'] },
    { language: '', code: 'c\n', line: 8, notes: [] },
  ]);
  expect(shellCommands('a b   # c\n# d\ne \\\n  f\n')).toEqual(['a b', 'e f']);
  expect(shellWords(`a 'b c' d="e f" <g>`)).toEqual(['a', 'b c', 'd=e f', '<g>']);
});

describe('commands in the pages', () => {
  const scripts = Object.keys(
    (JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as { scripts: object }).scripts,
  );
  const commands = of('sh').flatMap(({ page, line, code }) =>
    shellCommands(code).map((command) => ({ where: `${page}:${line}: ${command}`, words: shellWords(command) })),
  );
  const ofHeadstart = commands.flatMap(({ where, words }) => {
    const [first, second, third, fourth] = words;
    if (first === 'headstart') return [{ where, args: words.slice(1) }];
    if (first === 'npx' && second === 'headstart') return [{ where, args: words.slice(2) }];
    if (first === 'npm' && second === 'run' && third === 'headstart' && fourth === '--')
      return [{ where, args: words.slice(4) }];
    return [];
  });

  it('are many', () => expect(ofHeadstart.length).toBeGreaterThan(40));

  it.each(ofHeadstart)('$where is understood', async ({ args }) => {
    await expect(understood(args)).resolves.toBeUndefined();
  });

  it('an unknown flag in one would be found', async () => {
    await expect(understood(['train', './photos', '--epoch', '3'])).rejects.toThrow('--epoch');
    await expect(understood(['trian', './photos'])).rejects.toThrow('trian');
  });

  it.each(commands.filter(({ words: [npm, run] }) => npm === 'npm' && run === 'run'))(
    '$where is a script of the workspace',
    ({ words: [, , script, , name] }) => {
      expect(scripts).toContain(script);
      if (script === 'measure') expect(existsSync(join(workspaceRoot, `tools/measure/${name}.ts`))).toBe(true);
    },
  );
});

/** The command's own parser, which is no entry of its package. */
const { commandLine } = (await import(pathToFileURL(join(workspaceRoot, 'packages/cli/src/command-line.ts')).href)) as {
  commandLine: (host: unknown, version: string) => Command;
};

/** Lets the command line take the arguments apart; nothing is done. */
async function understood(args: readonly string[]): Promise<void> {
  const silent = { width: 80, print() {}, say() {} };
  const root = commandLine({ console: silent }, '0.0.0');
  const idle = (command: Command) => {
    if (command.commands.length === 0) command.action(() => {});
    command.commands.forEach((sub) => idle(sub));
  };
  idle(root);
  await root.parseAsync(args, { from: 'user' });
}

describe('code in the pages', () => {
  const options = typeScriptOptions();
  const sources = new Map(
    of('ts').map((block) => [
      join(workspaceRoot, dirname(block.page), `block-${block.page.replaceAll('/', '-')}-${block.line}.ts`),
      block,
    ]),
  );
  const problems = typeProblems(sources, options);

  it.each([...sources])('%s type-checks', (file) => {
    expect(problems.get(file) ?? []).toEqual([]);
  });

  it('a name that is not exported would be found', () => {
    const file = join(workspaceRoot, 'docs', 'block-wrong.ts');
    const wrong = { ...of('ts')[0]!, code: "import { nothing } from '@headstart/core';\nnothing();\n", notes: [] };
    expect(
      typeProblems(new Map([[file, wrong]]), options)
        .get(file)
        ?.join(),
    ).toContain('nothing');
  });

  it.each(of('js', 'json').map((block) => [`${block.page}:${block.line}`, block] as const))('%s parses', (_, block) => {
    if (block.language === 'json') return void JSON.parse(block.code);
    const { diagnostics } = ts.transpileModule(block.code, { reportDiagnostics: true, compilerOptions: options });
    expect(diagnostics).toEqual([]);
  });
});

function typeScriptOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(workspaceRoot, 'tsconfig.base.json'), (path) =>
    readFileSync(path, 'utf8'),
  ) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, workspaceRoot);
  return {
    ...options,
    composite: false,
    declaration: false,
    declarationMap: false,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
}

/** What the compiler says of blocks as if they were files of their folders. */
function typeProblems(sources: ReadonlyMap<string, CodeBlock>, options: ts.CompilerOptions): Map<string, string[]> {
  const host = ts.createCompilerHost(options);
  // Modules that a block imports and its page leaves out.
  const modules = new Map(
    [...sources].flatMap(([file, block]) =>
      block.notes.flatMap((note) => {
        const [, name, code] = /^module (\S+): ([\s\S]*)$/.exec(note) ?? [];
        return name === undefined ? [] : [[join(dirname(file), `${name}.ts`), code!] as const];
      }),
    ),
  );
  const disk = { ...host };
  const text = (file: string) => {
    const module = modules.get(file);
    if (module !== undefined) return module;
    const block = sources.get(file);
    return block && [...noted(block, 'with'), block.code, ...noted(block, 'after'), 'export {};'].join('\n');
  };
  host.fileExists = (file) => text(file) !== undefined || disk.fileExists(file);
  host.readFile = (file) => text(file) ?? disk.readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const own = text(file);
    return own === undefined
      ? disk.getSourceFile(file, ...rest)
      : ts.createSourceFile(file, own, {
          languageVersion: ts.ScriptTarget.ES2023,
          impliedNodeFormat: ts.ModuleKind.ESNext,
        });
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const found = new Map<string, string[]>();
  for (const file of sources.keys()) {
    const source = program.getSourceFile(file)!;
    const said = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    found.set(
      file,
      said.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
    );
  }
  return found;
}

/** Code that a page leaves out, of the comments before a block: `<!-- with: … -->` before it, `<!-- after: … -->` behind it. */
function noted({ notes }: CodeBlock, kind: 'with' | 'after'): string[] {
  return notes.filter((note) => note.startsWith(`${kind}:`)).map((note) => note.slice(kind.length + 1).trim());
}
