import { HeadstartError } from '@headstart/artifacts/errors';

/** Where objects of a store that speaks S3 are, and by whom they are asked for. */
export interface S3Address {
  /** As messages show it. */
  readonly shown: string;
  /** What keys come after: endpoint and bucket, and the prefix where there is one; ends in a slash. */
  readonly base: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Reads `s3://bucket/prefix`; endpoint, region and credentials come from the environment, by the names that AWS gives them.
 * @throws HeadstartError `usage`
 */
export function s3Address(text: string, env: NodeJS.ProcessEnv): S3Address {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined) throw wrong(`${text} is no place for records.`, 'It is s3://bucket or s3://bucket/prefix.');
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey)
    throw wrong(
      `${text} cannot be asked for: there are no credentials.`,
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.',
    );
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`;
  if (!URL.canParse(endpoint))
    throw wrong(
      `AWS_ENDPOINT_URL is "${endpoint}", which is no address.`,
      'It is such as https://minio.example.org:9000.',
    );
  const path = [
    bucket,
    ...prefix
      .split('/')
      .filter((part) => part !== '')
      .map(encodeURIComponent),
  ].join('/');
  const sessionToken = env['AWS_SESSION_TOKEN'];
  return {
    shown: text,
    base: `${endpoint.replace(/\/+$/, '')}/${path}/`,
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
  };
}

function wrong(message: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'usage', message, hint });
}
