/** A fenced block of code in a page. */
export interface CodeBlock {
  /** Such as `ts`, `sh`, `json`; empty where the fence names none. */
  readonly language: string;
  readonly code: string;
  /** The line of the page on which the code begins, from 1. */
  readonly line: number;
  /** What the comment before the block says: code that the page leaves out. */
  readonly notes: readonly string[];
}

/** The blocks of a page in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const pattern = /((?:^<!--(?:(?!-->)[\s\S])*-->\s*\n\s*)*)^```(\S*)[^\n]*\n([\s\S]*?)^```$/gm;
  return [...markdown.matchAll(pattern)].map((match) => {
    const [whole, comments = '', language = '', code = ''] = match;
    const before = markdown.slice(0, match.index + whole.indexOf(code, comments.length + 3 + language.length));
    return {
      language,
      code,
      line: before.split('\n').length,
      notes: [...comments.matchAll(/<!--\s*([\s\S]*?)\s*-->/g)].map(([, note]) => note!),
    };
  });
}

/** The commands of a block of shell: one per line, continued lines joined, comments left out. */
export function shellCommands(code: string): string[] {
  return code
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** A command's words as a shell splits them: quotes hold words together. `<run>` is a word. */
export function shellWords(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_quoted, single?: string, double?: string) => single ?? double ?? ''),
  );
}
