import { createHash } from 'node:crypto';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import { digestMismatch, shownUrl, tooLarge, unreachable } from '../artifact-errors.ts';
import type { FetchRequest } from '../archives/fetched-archive.ts';
import { digestOfFile, type FileDigest } from '../storage/file-digest.ts';
import type { HttpResponse } from './http-client.ts';
import { refusalOf } from './refusal.ts';
import { SpeedFloor } from './speed-floor.ts';
import { syncFile } from '../storage/file-handles.ts';
import { ensureFolder } from '../storage/ensure-folder.ts';

export interface Download {
  url: URL;
  /** Under this name a download that breaks off is kept, to be continued. */
  key: string;
  headers?: Record<string, string>;
  authorization?: string;
  allowInsecure?: boolean;
  /** What to do where the server refuses access. */
  accessHint?: string;
  /** What the server says that the file's digest is, where it says so. May refuse an answer by throwing. */
  digestOf?(response: HttpResponse, label: string): FileDigest | undefined;
}

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** Something that may pass: the attempt is repeated, from where it broke off. */
class Passing extends Error {
  readonly waitMs: number;
  /** What ties the continuation to the bytes that are there. */
  readonly validator: string | undefined;
  constructor(
    message: string,
    { waitMs = 0, validator, cause }: { waitMs?: number; validator?: string; cause?: unknown },
  ) {
    super(message, { cause });
    this.waitMs = waitMs;
    this.validator = validator;
  }
}

/**
 * Downloads into the request's staging folder. A broken transfer is continued by a range request, in this call
 * and in a later one, where the server names a validator or the digest is pinned.
 *
 * @returns the path of the complete file; its digest has been checked where the request pins one, and where the server names one
 * @throws HeadstartError `artifact-*`, `storage-*`
 */
export async function download(request: FetchRequest, what: Download): Promise<string> {
  const path = join(request.partial, what.key);
  await ensureFolder(request.partial).catch((cause: unknown) =>
    Promise.reject(storageError('create', request.partial, cause)),
  );
  let validator = await adopt(request, what.url, path);
  let fresh = validator === undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await transfer(request, what, path, validator);
      validator = answer.validator;
      const wrong = await mismatch(path, [request.sha256 && { kind: 'sha256', value: request.sha256 }, answer.digest]);
      if (!wrong) return await moveInto(request.staging, path);
      await discard(path);
      if (fresh) throw digestMismatch(request.label, wrong.expected, wrong.received);
      // The continued part came from another file: once more, from its start.
      fresh = true;
      validator = undefined;
    } catch (error) {
      if (!(error instanceof Passing)) {
        await discard(path);
        throw error;
      }
      validator = error.validator;
      if (attempt >= ATTEMPTS) {
        const why = `${shownUrl(what.url)}: ${error.message}`;
        throw unreachable(
          request.label,
          why,
          'Check the network, the proxy (https_proxy) and the address, or copy the cache folder from a machine that has it.',
          error.cause,
        );
      }
      await sleep(Math.min(LONGEST_WAIT_MS, Math.max(error.waitMs, FIRST_WAIT_MS * 2 ** (attempt - 1))));
    }
  }
}

/** The first digest that the file does not have. */
async function mismatch(
  path: string,
  expected: readonly (FileDigest | '' | undefined)[],
): Promise<{ expected: string; received: string } | undefined> {
  for (const digest of expected) {
    const received = digest ? await digestOfFile(path, digest.kind) : undefined;
    if (digest && received !== digest.value) return { expected: digest.value, received: received! };
  }
  return undefined;
}

async function moveInto(staging: string, path: string): Promise<string> {
  const complete = join(staging, 'download');
  await rename(path, complete);
  await discard(path);
  return complete;
}

/** One attempt. @returns the validator of the complete file, and the digest that the server names */
async function transfer(
  request: FetchRequest,
  what: Download,
  path: string,
  validator: string | undefined,
): Promise<{ validator: string | undefined; digest: FileDigest | undefined }> {
  const { label } = request;
  const have = validator === undefined && !request.sha256 ? 0 : ((await stat(path).catch(() => undefined))?.size ?? 0);
  let response: HttpResponse;
  try {
    response = await request.http.get(what.url, {
      label,
      authorization: what.authorization,
      allowInsecure: what.allowInsecure,
      headers: {
        ...what.headers,
        ...(have > 0 ? { range: `bytes=${have}-`, ...(validator ? { 'if-range': validator } : {}) } : {}),
      },
    });
  } catch (cause) {
    if (HeadstartError.is(cause)) throw cause;
    throw new Passing(reason(cause), { validator, cause });
  }
  const { body, headers, status } = response;
  const start = status === 206 ? rangeStart(headers['content-range']) : 0;
  if (status === 416 || (status === 206 && (have === 0 || start !== have))) {
    body.destroy();
    await rm(path, { force: true });
    throw new Passing(`the server does not continue at byte ${have}`, {});
  }
  if (status !== 200 && status !== 206) {
    body.destroy();
    throw refusal(request, what, response, validator);
  }
  const digest = refusing(response, () => what.digestOf?.(response, label));
  const found = validatorOf(headers);
  await writeFile(`${path}.json`, JSON.stringify({ address: addressKey(what.url), validator: found })).catch(
    (cause: unknown) => Promise.reject(storageError('write', path, cause)),
  );
  const length = headers['content-length'];
  const bytes = await store(
    request,
    body,
    path,
    start,
    length === undefined ? undefined : Number(length) + start,
    found,
  );
  if (length !== undefined && bytes !== Number(length) + start) {
    throw new Passing(`the transfer ended after ${bytes} of ${Number(length) + start} bytes`, { validator: found });
  }
  return { validator: found, digest };
}

/** Gives the body up where the answer is refused. */
function refusing<T>({ body }: HttpResponse, look: () => T): T {
  try {
    return look();
  } catch (error) {
    body.destroy();
    throw error;
  }
}

/** Appends the body to the file, within bounds. @returns the file's size */
async function store(
  { label, maxBytes, progress, signal }: FetchRequest,
  body: HttpResponse['body'],
  path: string,
  start: number,
  announced: number | undefined,
  validator: string | undefined,
): Promise<number> {
  const writing = (cause: unknown) => Promise.reject(storageError('write', path, cause));
  let bytes = start;
  try {
    if (announced !== undefined && announced > maxBytes) throw tooLarge(label, maxBytes);
    const file = await open(path, start > 0 ? 'a' : 'w').catch(writing);
    const speed = new SpeedFloor(performance.now());
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        // Another process took this one for dead and has taken over.
        if (signal.aborted)
          throw unreachable(label, 'another process has taken the download over.', 'Run the command again.');
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLarge(label, maxBytes);
        await file.write(chunk).catch(writing);
        progress.update(bytes);
        const stalled = speed.add(chunk.length, performance.now());
        if (stalled !== undefined) throw new Error(stalled);
      }
      await syncFile(file).catch(writing);
    } finally {
      await file.close();
    }
  } catch (cause) {
    body.destroy();
    if (HeadstartError.is(cause)) throw cause;
    throw new Passing(`the transfer broke off after ${bytes} bytes (${reason(cause)})`, { validator, cause });
  }
  return bytes;
}

function refusal(
  { label }: FetchRequest,
  what: Download,
  response: HttpResponse,
  validator: string | undefined,
): Error {
  const refused = refusalOf(label, response, what.accessHint);
  if (refused) return refused;
  const seconds = Number(response.headers['retry-after']);
  return new Passing(`the server answered ${response.status}`, {
    waitMs: Number.isFinite(seconds) ? seconds * 1000 : 0,
    validator,
  });
}

/** What ties a later range to these bytes: a strong entity tag or the date of the last change. */
function validatorOf(headers: HttpResponse['headers']): string | undefined {
  const { etag, 'last-modified': modified } = headers;
  if (typeof etag === 'string' && etag.startsWith('"')) return etag;
  return typeof modified === 'string' ? modified : undefined;
}

function rangeStart(header: string | string[] | undefined): number {
  return Number(/^bytes (\d+)-/.exec(String(header))?.[1] ?? NaN);
}

function reason(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}

/** What an earlier call or process left of the same download: its validator, or undefined where nothing can be continued. */
async function adopt({ sha256 }: FetchRequest, url: URL, path: string): Promise<string | undefined> {
  try {
    const left = JSON.parse(await readFile(`${path}.json`, 'utf8')) as { address?: string; validator?: string };
    if (left.address === addressKey(url) && (left.validator || sha256)) return left.validator ?? '';
  } catch {
    // Nothing was left, or nothing that can be used.
  }
  await discard(path);
  return undefined;
}

/** Distinguishes addresses without storing the credentials that one may carry. */
function addressKey(url: URL): string {
  return createHash('sha256').update(url.href).digest('hex');
}

async function discard(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.json`, { force: true });
}
