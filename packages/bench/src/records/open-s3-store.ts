import { s3Address } from './s3-address.ts';
import { s3Objects } from './s3-objects.ts';
import { S3Store } from './s3-store.ts';

/** Records at `s3://bucket/prefix`, by the environment's endpoint and credentials. @throws HeadstartError `usage` */
export async function openS3Store(address: string): Promise<S3Store> {
  const parsed = s3Address(address, process.env);
  return new S3Store(await s3Objects(parsed), parsed.shown);
}
