import { describe, expect, it } from 'vitest';
import { csvTable } from './csv.ts';
import { escapeLatex, latexTable } from './latex.ts';
import { escapeMarkdown, markdownTable } from './markdown.ts';
import type { TextTable } from './text-table.ts';

const table: TextTable = {
  name: 'results',
  title: 'Fish & chips',
  columns: [{ title: 'name' }, { title: 'score', kind: 'interval' }, { title: 'seeds', kind: 'number' }],
  rows: [
    ['a|b', { value: 0.87345, interval: [0.86145, 0.88545] }, { value: 5, text: '5' }],
    ['=HYPERLINK("x")', null, { value: 0, text: '0' }],
  ],
};

describe('tables', () => {
  it('are Markdown whose cells stay in their columns', () => {
    expect(markdownTable(table)).toBe(`# Fish &amp; chips

| name | score | seeds |
| --- | ---: | ---: |
| a\\|b | 0.873 ± 0.012 | 5 |
| =HYPERLINK\\("x"\\) | – | 0 |
`);
  });

  it('are LaTeX with the rules of booktabs', () => {
    expect(latexTable(table)).toBe(`% Needs \\usepackage{booktabs}.
\\begin{table}
\\centering
\\caption{Fish \\& chips}
\\label{tab:results}
\\begin{tabular}{lrr}
\\toprule
name & score & seeds \\\\
\\midrule
a\\textbar{}b & $0.873 \\pm 0.012$ & $5$ \\\\
=HYPERLINK("x") & -- & $0$ \\\\
\\bottomrule
\\end{tabular}
\\end{table}
`);
  });

  it('are CSV with exact numbers and no formula', () => {
    expect(csvTable(table)).toBe(
      'name,score,score low,score high,seeds\r\na|b,0.87345,0.86145,0.88545,5\r\n"\'=HYPERLINK(""x"")",,,,0\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\u200b=1'])(
    'keeps %j from being a formula',
    (text) => {
      const [, field] = csvTable({ ...table, columns: [{ title: 'x' }], rows: [[text]] }).split('\r\n');
      expect(field!.replaceAll('"', '')).not.toMatch(/^\s*[=+\-@]/);
    },
  );

  it('writes no character of a name that formats, in Markdown', () => {
    expect(escapeMarkdown('<script>*_`[x](y)`_*</script>')).toBe(
      '\\<script\\>\\*\\_\\`\\[x\\]\\(y\\)\\`\\_\\*\\</script\\>',
    );
    expect(escapeMarkdown('- a\nb')).toBe('\\- a b');
    expect(escapeMarkdown('https://x.y @me &lt;')).toBe('https&#58;//x.y &#64;me &amp;lt;');
    expect(escapeMarkdown('a\u202eb')).toBe('a\\\\u202eb');
  });

  it('writes no command of a name, in LaTeX', () => {
    expect(escapeLatex('\\input{/etc/passwd}')).toBe('\\textbackslash{}input\\{/etc/passwd\\}');
    expect(escapeLatex('50 % of $x_1^2$ & #2 ~')).toBe(
      '50 \\% of \\$x\\_1\\textasciicircum{}2\\$ \\& \\#2 \\textasciitilde{}',
    );
    expect(escapeLatex('[a] a---b')).toBe('{[}a] a-{}-{}-b');
  });
});
