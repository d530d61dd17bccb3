import { HeadstartError } from '@headstart/artifacts/errors';

/** Where a Redis is. */
export interface RedisAddress {
  /** With the password. */
  readonly url: string;
  /** As messages show it: without user and password. */
  readonly shown: string;
}

/** Reads `redis://[[user]:password@]host[:port][/db]`, or `rediss://` for TLS. @throws HeadstartError `usage` */
export function redisAddress(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fits = url && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^(\/\d*)?$/.test(url.pathname);
  if (fits) return { url: text, shown: `${url.protocol}//${url.host}${url.pathname.replace(/^\/$/, '')}` };
  throw new HeadstartError({
    code: 'usage',
    message: `${text.replace(/\/\/.*@/s, '//')} is no address of a queue.`,
    hint: 'It is redis://host:port or redis://host:port/db, with rediss:// where Redis speaks TLS.',
  });
}
