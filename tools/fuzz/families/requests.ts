import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveApp } from '../../../packages/cli/src/serve/app.ts';
import { ServedModel } from '../../../packages/cli/src/serve/served-model.ts';
import { FakeServedModel } from '../../../packages/cli/src/testing/fake-served-model.ts';
import type { Draw } from '../draw.ts';
import type { Family } from '../family.ts';
import { TEXTS } from '../hostile.ts';
import { mutateFiles } from '../mutate-files.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly type: string;
}

const HEAD = 'head.json';
const BODIES = [JSON.stringify({ inputs: ['a', 'a long text'], top: 2 })];

/** Requests to a server. */
export const requests: Family = {
  name: 'requests',
  needs: [HEAD],
  valid: () => [
    new Map([
      ['body.json', BODIES[0]!],
      [HEAD, JSON.stringify({ method: 'POST', path: '/predict', type: 'application/json' } satisfies Sent)],
    ]),
  ],
  make(draw) {
    const head: Sent = {
      method: draw.of(['POST', 'POST', 'POST', 'GET', 'PUT', 'OPTIONS']),
      path: draw.once(4)
        ? `/${encodeURIComponent(draw.of(TEXTS).replaceAll(/\p{Surrogate}/gu, ''))}`
        : `/predict${draw.of(['', '?top=1', '?top=-1', '?top=1e9', '?x=1', '?top=1&top=2'])}`,
      type: draw.of([
        'application/json',
        'application/json',
        'text/plain',
        'multipart/form-data; boundary=x',
        'multipart/form-data',
        'image/png',
        '\u00e9',
      ]),
    };
    return new Map([...mutateFiles(draw, new Map([['body.json', bodyOf(draw)]])), [HEAD, JSON.stringify(head)]]);
  },
  async read(folder) {
    const { method, path, type } = JSON.parse(await readFile(join(folder, HEAD), 'utf8')) as Sent;
    const body = await readFile(join(folder, 'body.json')).catch(() => Buffer.alloc(0));
    const failures: Error[] = [];
    const onFailure = (error: unknown) =>
      void failures.push(error instanceof Error ? error : new Error('What was thrown is no error.', { cause: error }));
    const served = new ServedModel(new FakeServedModel().model, {
      batchSize: 4,
      batchWindow: 0,
      queue: 512,
      onFailure,
    });
    const app = serveApp(served, { bodyLimit: 2 ** 20, timeout: 5000, page: [], draining: () => false, onFailure });
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const response = await app.request(`http://localhost${path}`, {
      method,
      headers: { 'content-type': type },
      ...(hasBody && { body }),
    });
    await response.text();
    // What went wrong through no fault of the request, apart from the timeout and the queue, which have a code.
    if (failures[0]) throw failures[0];
    if (response.status >= 500 && response.status !== 503) throw new Error(`status ${response.status}`);
  },
};

function bodyOf(draw: Draw): string {
  const part = (content: string) =>
    `--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${content}\r\n`;
  return draw.of([
    ...BODIES,
    JSON.stringify({ inputs: [draw.of(TEXTS), draw.text()] }),
    `${part('a')}${part('b')}--x--\r\n`,
    'plain text',
  ]);
}
