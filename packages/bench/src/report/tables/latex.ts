import { numberText, plainLine, type TextTable } from './text-table.ts';

/** A LaTeX tabular with the rules of booktabs, in a table with its caption. */
export function latexTable({ name, title, columns, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`;
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? escapeLatex(cell) : number(numberText(cell)))),
  );
  return [
    '% Needs \\usepackage{booktabs}.',
    '\\begin{table}',
    '\\centering',
    `\\caption{${escapeLatex(title)}}`,
    `\\label{tab:${name}}`,
    `\\begin{tabular}{${columns.map(({ kind }) => (kind ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    line(columns.map((column) => escapeLatex(column.title))),
    '\\midrule',
    ...cells.map(line),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** In mathematics, where a minus is one. */
function number(text: string): string {
  return text === '–' ? '--' : `$${text.replaceAll('±', '\\pm').replaceAll('−', '-')}$`;
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  // A row's end takes them for its option, at the start of the next.
  '[': '{[}',
  '*': '{*}',
};

/** Text on one line in which LaTeX finds no command and makes no ligatures of dashes. */
export function escapeLatex(text: string): string {
  return plainLine(text)
    .replace(/[\\~^<>|[*&%$#_{}]/g, (character) => LATEX[character] ?? `\\${character}`)
    .replace(/-(?=-)/g, '-{}')
    .replace(/([`'?!,])(?=[`'])/g, '$1{}');
}
