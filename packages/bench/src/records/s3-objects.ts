import { HeadstartError } from '@headstart/artifacts/errors';
import type { S3Address } from './s3-address.ts';

/** An object, and what names this version of it. */
export interface S3Object {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/** Objects by their keys. */
export interface S3Objects {
  get(key: string): Promise<S3Object | undefined>;
  /**
   * Writes an object whole.
   * @param over the version that it replaces; where absent, there has to be none yet
   * @returns whether it was written: not where another writer was there before
   */
  put(key: string, bytes: Uint8Array, over?: string): Promise<boolean>;
}

/** Opens a store that speaks S3. What it answers too late or with "slow down" is asked again a few times. */
export async function s3Objects(address: S3Address): Promise<S3Objects> {
  const { AwsClient } = await import('aws4fetch');
  const { base, shown, ...credentials } = address;
  const client = new AwsClient({ ...credentials, service: 's3', retries: 5 });

  async function ask(key: string, init: RequestInit): Promise<Response> {
    try {
      return await client.fetch(base + key, init);
    } catch (cause) {
      throw failed(shown, `it cannot be reached (${reasonOf(cause)})`, cause);
    }
  }

  return {
    async get(key) {
      const response = await ask(key, { method: 'GET' });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.status === 404 && !text(bytes).includes('NoSuchBucket')) return undefined;
      if (!response.ok) throw answered(shown, response.status, bytes);
      return { bytes, version: response.headers.get('etag') ?? '' };
    },
    async put(key, bytes, over) {
      const headers: Record<string, string> = over === undefined ? { 'if-none-match': '*' } : { 'if-match': over };
      const response = await ask(key, { method: 'PUT', headers, body: bytes as RequestInit['body'] });
      const body = new Uint8Array(await response.arrayBuffer());
      if (response.ok) return true;
      // 409: two writers at the same moment.
      if (response.status === 412 || response.status === 409) return false;
      throw answered(shown, response.status, body);
    },
  };
}

function answered(shown: string, status: number, body: Uint8Array): HeadstartError {
  const [, code = ''] = /<Code>([^<]*)<\/Code>/.exec(text(body)) ?? [];
  if (status === 401 || status === 403)
    return new HeadstartError({
      code: 'storage-denied',
      message: `${shown} refuses these credentials: ${code || status}.`,
      hint: 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, and that they may read and write there.',
    });
  return failed(shown, `it answers ${status} ${code}`.trimEnd());
}

function failed(shown: string, what: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'storage-failed',
    message: `Records in ${shown} cannot be read or written: ${what}.`,
    hint: 'Check the bucket, and AWS_ENDPOINT_URL, which is empty for AWS itself.',
    cause,
  });
}

function reasonOf(cause: unknown): string {
  const { message, cause: inner } = cause as Error;
  return inner instanceof Error ? inner.message || message : message;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
