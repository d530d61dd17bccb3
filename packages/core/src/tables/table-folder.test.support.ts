import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { DataTable } from './data-table.ts';
import { openTable } from './open-table.ts';

/** A folder for each test, with tables written into it. */
export function tableFolder() {
  let root: string;
  beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-tables-'))));
  afterEach(() => rm(root, { recursive: true }));
  const put = async (content: string | Uint8Array, name: string) => {
    const path = join(root, name);
    await writeFile(path, content);
    return path;
  };
  const open = async (content: string | Uint8Array, name: string, options: Record<string, string> = {}) =>
    openTable(await put(content, name), options);
  return {
    put,
    open,
    read: async (...given: Parameters<typeof open>) => listed(await open(...given)),
    folder: () => root,
  };
}

/** Columns, then line and cells of each row, or its fault. */
export async function listed(table: DataTable, columns?: readonly number[]): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const { line, values, fault } of table.records(columns))
    rows.push(fault === undefined ? [line, ...values] : [line, fault]);
  return [table.columns, ...rows];
}
