import { makeZip, type ZipPart } from '@headstart/artifacts/testing';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listed, tableFolder } from '../table-folder.test.support.ts';

const { open, read } = tableFolder();
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook as ECMA-376 has it, part 1: what Excel writes, without what no reader needs. */
function workbook(
  sheets: Readonly<Record<string, string>>,
  { strings = '', styles = '', book = '', hidden = [] as readonly string[] } = {},
): Buffer {
  const names = Object.keys(sheets);
  const listOf = names
    .map(
      (name, i) =>
        `<sheet name="${name}" sheetId="${i + 1}" ${hidden.includes(name) ? 'state="hidden" ' : ''}r:id="rId${i + 1}"/>`,
    )
    .join('');
  const relations = names.map(
    (_, i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  const parts: ZipPart[] = [
    {
      name: '_rels/.rels',
      data: `<Relationships><Relationship Id="r" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      data: `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}">${book}<sheets>${listOf}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: `<Relationships>${relations.join('')}<Relationship Id="s" Type="${RELATIONS}/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="y" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    },
    { name: 'xl/sharedStrings.xml', data: `<sst xmlns="${MAIN}">${strings}</sst>`, deflate: true },
    { name: 'xl/styles.xml', data: `<styleSheet xmlns="${MAIN}">${styles}</styleSheet>` },
    ...names.map((name, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      data: `<worksheet xmlns="${MAIN}">${sheets[name]}</worksheet>`,
      deflate: true,
    })),
  ];
  return makeZip(parts);
}

/** Rows of cells from A1 on: texts inline, XML as it is, nothing for an empty cell. */
function rows(...cells: readonly (readonly string[])[]): string {
  const written = (cell: string, column: number, row: number) => {
    const name = `${String.fromCharCode(65 + column)}${row + 1}`;
    if (cell === '') return '';
    if (cell.startsWith('<c ')) return cell.replace('<c ', `<c r="${name}" `);
    return `<c r="${name}" t="inlineStr"><is><t>${cell}</t></is></c>`;
  };
  const all = cells.map(
    (row, i) => `<row r="${i + 1}">${row.map((cell, column) => written(cell, column, i)).join('')}</row>`,
  );
  return `<sheetData>${all.join('')}</sheetData>`;
}

const plain = rows(['text', 'label'], ['fine', 'good'], ['dull', 'bad']);
const expected = [
  ['text', 'label'],
  [2, 'fine', 'good'],
  [3, 'dull', 'bad'],
];

describe('openTable of Excel', () => {
  it('reads a sheet under any name, also gzipped', async () => {
    expect(await read(workbook({ Sheet1: plain }), 't.xlsx')).toEqual(expected);
    expect(await read(workbook({ Sheet1: plain }), 't.csv')).toEqual(expected);
    expect(await read(gzipSync(workbook({ Sheet1: plain })), 't.xlsx.gz')).toEqual(expected);
    expect(await open(workbook({ Sheet1: plain }), 't.xlsx')).toMatchObject({
      format: 'xlsx',
      unit: 'row',
      sheet: 'Sheet1',
      header: true,
    });
  });

  it('reads texts, numbers, truth values, dates, errors', async () => {
    const strings =
      '<si><t xml:space="preserve">two </t></si><si><r><t>ri</t></r><r><rPr/><t>ch &amp; _x000D_</t></r><rPh><t>no</t></rPh></si>';
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/><numFmt numFmtId="165" formatCode="0.0 &quot;days&quot;"/></numFmts>' +
      '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>';
    const sheet = rows(
      ['text', 'label'],
      ['<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>'],
      ['<c><v>0.5</v></c>', '<c t="b"><v>1</v></c>'],
      // 45413 days after 30 December 1899: 1 May 2024.
      ['<c s="1"><v>45413</v></c>', '<c s="2"><v>45413.75</v></c>'],
      ['<c s="3"><v>2</v></c>', '<c t="e"><v>#N/A</v></c>'],
    );
    expect(await read(workbook({ Sheet1: sheet }, { strings, styles }), 't.xlsx')).toEqual([
      ['text', 'label'],
      [2, 'two ', 'rich & \r'],
      [3, 0.5, true],
      [4, '2024-05-01', '2024-05-01T18:00:00'],
      [5, 2, '#N/A'],
    ]);
    const mac = workbook({ Sheet1: sheet }, { strings, styles, book: '<workbookPr date1904="1"/>' });
    // The same number of days after 1 January 1904.
    expect((await read(mac, 't.xlsx'))[3]).toEqual([4, '2028-05-02', '2028-05-02T18:00:00']);
  });

  it('reads rows as they are filled, below a title and beside empty columns', async () => {
    const sheet = rows(
      ['Reviews of May'],
      [],
      ['', 'text', 'label', 'note'],
      ['', 'fine', 'good'],
      ['', '', ''],
      ['', 'dull', 'bad', 'x'],
    );
    expect(await read(workbook({ Sheet1: sheet }), 't.xlsx')).toEqual([
      ['text', 'label', 'note'],
      [4, 'fine', 'good', undefined],
      [6, 'dull', 'bad', 'x'],
    ]);
    const unnamed =
      '<sheetData><row><c t="inlineStr"><is><t>text</t></is></c></row><row><c t="str"><v>fine</v></c></row></sheetData>';
    expect(await read(workbook({ Sheet1: unnamed }), 't.xlsx')).toEqual([['text'], [2, 'fine']]);
  });

  it('gives cells that are merged downwards what the first of them holds', async () => {
    const sheet = `${rows(['text', 'label'], ['a', 'good'], ['b', ''], ['c', ''], ['d', 'bad'])}<mergeCells count="2"><mergeCell ref="B2:B4"/><mergeCell ref="D1:E1"/></mergeCells>`;
    expect(await read(workbook({ Sheet1: sheet }), 't.xlsx')).toEqual([
      ['text', 'label'],
      [2, 'a', 'good'],
      [3, 'b', 'good'],
      [4, 'c', 'good'],
      [5, 'd', 'bad'],
    ]);
  });

  it('takes the only sheet that has something in it, or the one that the option names', async () => {
    const other = rows(['text', 'label'], ['so', 'meh']);
    expect(await read(workbook({ Empty: rows(), Data: plain, Notes: rows([''], ['']) }), 't.xlsx')).toEqual(expected);
    expect(await read(workbook({ Lists: other, Data: plain }, { hidden: ['Lists'] }), 't.xlsx')).toEqual(expected);
    const both = workbook({ May: plain, June: other });
    await expect(read(both, 't.xlsx')).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('"May", "June"') as string,
      hint: expect.stringContaining('sheet="May"') as string,
    });
    for (const sheet of ['June', '2'])
      expect(await read(both, 't.xlsx', { sheet })).toEqual([
        ['text', 'label'],
        [2, 'so', 'meh'],
      ]);
    await expect(read(both, 't.xlsx', { sheet: 'Jun' })).rejects.toMatchObject({
      code: 'unknown-name',
      hint: expect.stringContaining('June') as string,
    });
  });

  it('refuses a formula in a column that is read, unless its stored value is taken', async () => {
    const sheet = rows(
      ['text', 'label', 'n'],
      ['fine', '<c t="str"><f>A1</f><v>good</v></c>', '<c><f>1+1</f><v>2</v></c>'],
    );
    const table = await open(workbook({ Sheet1: sheet }), 't.xlsx');
    const values = [2, 'fine', 'good', 2];
    expect(await listed(table)).toEqual([['text', 'label', 'n'], values]);
    expect((await listed(table, [0]))[1]).toEqual([2, 'fine', undefined, undefined]);
    await expect(listed(table, [0, 1])).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('sheet "Sheet1", cell B2 holds a formula') as string,
      hint: expect.stringContaining('formulas=values') as string,
    });
    const taken = await open(workbook({ Sheet1: sheet }), 't.xlsx', { formulas: 'values' });
    expect((await listed(taken, [0, 1, 2]))[1]).toEqual(values);
    await expect(open(workbook({ Sheet1: sheet }), 't.xlsx', { formulas: 'yes' })).rejects.toMatchObject({
      code: 'invalid-option',
    });
  });

  it('warns of hidden rows, columns and sheets that are read, and leaves them out where that is asked for', async () => {
    const shown = rows(
      ['text', 'label', 'note'],
      ['a', 'good', 'x'],
      ['b', 'bad', 'y'],
      ['c', 'bad', 'z'],
      ['d', 'good', ''],
    );
    const sheet = `<cols><col min="3" max="3" hidden="1"/></cols>${shown.replace('<row r="3">', '<row r="3" hidden="1">').replace('<row r="4">', '<row hidden="true" r="4">')}`;
    const book = workbook({ Data: sheet, Lists: plain }, { hidden: ['Lists'] });
    const sheets = [{ what: 'hidden sheets', count: 1, examples: ['Lists'] }];
    const table = await open(book, 't.xlsx');
    expect(await listed(table)).toHaveLength(5);
    expect(table.findings!()).toEqual({
      passedOver: sheets,
      warnings: [
        {
          code: 'hidden-rows',
          message: 'Hidden in t.xlsx, and read: 2 rows, the column "note".',
          hint: expect.stringContaining('hidden=leave-out') as string,
          samples: ['t.xlsx:3', 't.xlsx:4'],
        },
      ],
    });
    // Of columns, those that are read count.
    await listed(table, [0, 1]);
    expect(table.findings!().warnings[0]!.message).toBe('Hidden in t.xlsx, and read: 2 rows.');
    const left = await open(book, 't.xlsx', { hidden: 'leave-out' });
    expect(await listed(left)).toEqual([
      ['text', 'label'],
      [2, 'a', 'good'],
      [5, 'd', 'good'],
    ]);
    expect(left.findings!()).toEqual({
      passedOver: [{ what: 'hidden rows', count: 2, examples: ['t.xlsx:3', 't.xlsx:4'] }, ...sheets],
      warnings: [],
    });
    const meant = await open(book, 't.xlsx', { hidden: 'read' });
    expect(await listed(meant)).toEqual(await listed(table));
    expect(meant.findings!().warnings).toEqual([]);
  });

  it('warns of a hidden sheet that is the only one with something in it, unless it is asked for', async () => {
    const book = workbook({ Empty: rows(), Data: plain }, { hidden: ['Data'] });
    const table = await open(book, 't.xlsx');
    expect(await listed(table)).toEqual(expected);
    expect(table.findings!().warnings).toMatchObject([{ message: 'Hidden in t.xlsx, and read: the sheet "Data".' }]);
    const asked = await open(book, 't.xlsx', { sheet: 'Data' });
    expect(await listed(asked)).toEqual(expected);
    expect(asked.findings!().warnings).toEqual([]);
    expect(await read(book, 't.xlsx', { hidden: 'leave-out' })).toEqual([[]]);
    await expect(
      read(workbook({ Data: plain }, { hidden: ['Data'] }), 't.xlsx', { hidden: 'leave-out' }),
    ).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('without sheets of cells that are shown') as string,
    });
  });

  it.each([
    ['entities', `<!DOCTYPE x [<!ENTITY a "a">]><worksheet>${plain}</worksheet>`, 'DOCTYPE'],
    ['XML that is not well formed', '<worksheet><sheetData><row></sheetData></worksheet>', 'unexpected close tag'],
    ['a row beyond the last', '<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>', 'a row 99999999'],
    [
      'a cell beyond the last',
      '<worksheet><sheetData><row r="1"><c r="ZZZ1"/></row></sheetData></worksheet>',
      'a cell "ZZZ1"',
    ],
  ])('refuses %s', async (_what, sheet, message) => {
    const parts = [
      {
        name: '_rels/.rels',
        data: `<Relationships><Relationship Id="r" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      },
      { name: 'xl/workbook.xml', data: `<workbook><sheets><sheet name="S" r:id="a"/></sheets></workbook>` },
      {
        name: 'xl/_rels/workbook.xml.rels',
        data: `<Relationships><Relationship Id="a" Type="${RELATIONS}/worksheet" Target="s.xml"/></Relationships>`,
      },
      { name: 'xl/s.xml', data: sheet },
    ];
    await expect(open(makeZip(parts), 't.xlsx')).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining(message) as string,
    });
  });
});
