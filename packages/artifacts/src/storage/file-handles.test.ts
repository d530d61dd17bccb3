import type { FileHandle } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { disposable, openToRead } from './file-handles.ts';

it('closes what it opened at the end of the block', async () => {
  let opened: FileHandle | undefined;
  {
    await using file = await openToRead(import.meta.filename);
    opened = file;
    expect((await file.stat()).size).toBeGreaterThan(0);
  }
  await expect(opened.stat()).rejects.toMatchObject({ code: 'EBADF' });
});

it("closes handles that cannot be disposed of, as those of yarn's Plug'n'Play", async () => {
  let closed = 0;
  const bare = { close: async () => void closed++ } as unknown as FileHandle;
  {
    await using _file = disposable(bare);
    expect(closed).toBe(0);
  }
  expect(closed).toBe(1);
});
