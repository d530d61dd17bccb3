import { makeZip } from '@headstart/artifacts/testing';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { gzipSync } from 'node:zlib';
import { Draw } from '../draw.ts';
import type { Family } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';

const TEXTS = Array.from({ length: 30 }, (_, i) => `a ${i % 2 ? 'good' : 'bad'} film, number ${i}, of its kind`);
const LABELS = TEXTS.map((_, i) => (i % 2 ? 'pos' : 'neg'));

/** Tables of texts in every format that is read. */
export const tables: Family = {
  name: 'tables',
  valid: () => Object.entries(FORMATS).map(([name, make]) => new Map([[name, make(new Draw(1))]])),
  make(draw) {
    const name = draw.of(Object.keys(FORMATS));
    return mutateFiles(draw, new Map([[name, FORMATS[name]!(draw)]]));
  },
  read: async (folder, system) => (await system.headstart).inspect({ target: folder }),
};

const FORMATS: Readonly<Record<string, (draw: Draw) => Uint8Array | string>> = {
  't.csv': () => `text,label\n${TEXTS.map((text, i) => `"${text}",${LABELS[i]}\n`).join('')}`,
  'pairs.csv': () =>
    `sentence1,sentence2,score\n${TEXTS.map((text, i) => `"${text}",other ${i},${i / 30}\n`).join('')}`,
  't.tsv': () => `text\tlabel\n${TEXTS.map((text, i) => `${text}\t${LABELS[i]}\n`).join('')}`,
  't.jsonl': () => TEXTS.map((text, i) => `${JSON.stringify({ text, label: LABELS[i], meta: { i } })}\n`).join(''),
  't.json': () => JSON.stringify(TEXTS.map((text, i) => ({ text, label: LABELS[i] }))),
  't.parquet': (draw) => parquet(draw),
  't.csv.gz': () => gzipSync(`text,label\n${TEXTS.map((text, i) => `"${text}",${LABELS[i]}\n`).join('')}`),
  't.xlsx': () => workbook(),
};

function parquet(draw: Draw): Buffer {
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'text', data: TEXTS },
        { name: 'label', data: draw.once(2) ? LABELS : LABELS.map((label) => Number(label === 'pos')) },
        ...(draw.once(2) ? [{ name: 'numbers', data: TEXTS.map((_, i) => [i % 3, 1]) }] : []),
      ],
      codec: draw.of(['GZIP', 'SNAPPY', 'UNCOMPRESSED'] as const),
      compressors: { GZIP: (bytes) => gzipSync(bytes) },
      rowGroupSize: draw.of([10, 1000]),
      pageSize: draw.of([64, 100_000]),
    }),
  );
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function workbook(): Buffer {
  const cell = (name: string, text: string) => `<c r="${name}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const rows = [['text', 'label'], ...TEXTS.map((text, i) => [text, LABELS[i]!])].map(
    ([text, label], i) => `<row r="${i + 1}">${cell(`A${i + 1}`, text!)}${cell(`B${i + 1}`, label!)}</row>`,
  );
  const relation = (id: string, type: string, target: string) =>
    `<Relationships><Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/></Relationships>`;
  return makeZip([
    { name: '_rels/.rels', data: relation('r', 'officeDocument', 'xl/workbook.xml') },
    {
      name: 'xl/workbook.xml',
      data: `<workbook xmlns:r="${RELATIONS}"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', data: relation('rId1', 'worksheet', 'worksheets/sheet1.xml') },
    { name: 'xl/worksheets/sheet1.xml', data: `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>` },
  ]);
}
