import { readLines, type DataTable, type TableRecord } from '@headstart/core/readers';

const LABEL = /^__label__(\S+)\s*/;

/** Whether lines are those of fastText: each begins with its labels. */
export function isFastText(head: string): boolean {
  const lines = head.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.every((line) => LABEL.test(line)) && lines.some((line) => !line.includes('\t'));
}

/** A file of fastText's as a table: `__label__good __label__fast the text`. @throws HeadstartError as `readLines` */
export function fastTextTable(path: string): DataTable {
  return {
    columns: ['label', 'text'],
    format: 'csv',
    unit: 'line',
    separator: ' ',
    header: false,
    encoding: 'utf-8',
    async *records(): AsyncGenerator<TableRecord> {
      for await (const { text: whole, line } of readLines(path)) {
        if (whole.trim() === '') continue;
        const labels: string[] = [];
        let text = whole.trim();
        for (let match = LABEL.exec(text); match; match = LABEL.exec(text)) {
          labels.push(match[1]!);
          text = text.slice(match[0].length);
        }
        yield { line, values: [labels, text] };
      }
    },
  };
}
