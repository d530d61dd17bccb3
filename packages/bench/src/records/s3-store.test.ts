import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { smallRecord } from '../testing/small-record.test.support.ts';
import { FolderStore } from './folder-store.ts';
import { sealRecord } from './record-digest.ts';
import { s3Address } from './s3-address.ts';
import { s3Objects } from './s3-objects.ts';
import { S3Store } from './s3-store.ts';

/** Objects by their paths: what a server holds that takes conditional writes. */
let objects: Map<string, Buffer>;
let server: Server;
let env: NodeJS.ProcessEnv;
let dir: string;

beforeEach(async () => {
  objects = new Map();
  dir = await mkdtemp(join(tmpdir(), 'headstart-s3-'));
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method, url = '', headers } = request;
      const there = objects.get(url);
      const version = `"${there?.length}"`;
      if (!headers.authorization?.includes('Credential=me/')) response.writeHead(403).end('<Code>AccessDenied</Code>');
      else if (method === 'GET') response.writeHead(there ? 200 : 404, { etag: version }).end(there);
      else if (there && headers['if-match'] !== version) response.writeHead(412).end();
      else {
        objects.set(url, Buffer.concat(parts));
        response.writeHead(200).end();
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  env = {
    AWS_ACCESS_KEY_ID: 'me',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}/`,
  };
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true });
});

async function open(): Promise<S3Store> {
  const address = s3Address('s3://bucket/some/place', env);
  return new S3Store(await s3Objects(address), address.shown);
}

it('publishes a done record once, over a failed one, and copies it into a folder byte by byte', async () => {
  const store = await open();
  const { record, predictions } = smallRecord();
  const { predictions: _, digest: __, ...rest } = record;
  const failed = sealRecord({ ...rest, state: 'failed' });
  expect(await store.read(record.id)).toBeUndefined();
  expect(await store.publish(failed)).toBe(true);
  expect((await store.read(record.id))?.state).toBe('failed');
  expect(await store.publish(record, predictions)).toBe(true);
  expect(await store.publish(failed)).toBe(false);
  expect(await store.publish(record, predictions)).toBe(false);
  expect([...objects.keys()].sort()).toEqual([
    `/bucket/some/place/records/${record.id.slice(0, 2)}/${record.id}/predictions-${record.predictions!.sha256}.parquet`,
    `/bucket/some/place/records/${record.id.slice(0, 2)}/${record.id}/record.json`,
  ]);
  const folder = new FolderStore(dir);
  expect(await store.copy(record.id, folder)).toEqual(record);
  expect(await folder.read(record.id)).toEqual(record);
});

it('finds a record whose predictions are others', async () => {
  const store = await open();
  const { record, predictions } = smallRecord();
  await store.publish(record, predictions);
  const key = [...objects.keys()].find((each) => each.endsWith('.parquet'))!;
  objects.set(key, Buffer.from('other'));
  await expect(store.read(record.id)).rejects.toMatchObject({ code: 'record-invalid' });
});

it('says what to do about credentials, addresses and places that are none', async () => {
  env['AWS_ACCESS_KEY_ID'] = 'you';
  const store = await open();
  await expect(store.read('00')).rejects.toMatchObject({
    code: 'storage-denied',
    message: 's3://bucket/some/place refuses these credentials: AccessDenied.',
  });
  expect(() => s3Address('s3://bucket', {})).toThrow('there are no credentials');
  expect(() => s3Address('bucket', env)).toThrow('bucket is no place for records');
  expect(() => s3Address('s3://bucket', { ...env, AWS_ENDPOINT_URL: 'minio' })).toThrow('is no address');
});
