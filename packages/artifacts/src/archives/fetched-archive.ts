import type { Progress, ProgressTask } from '../progress.ts';
import type { HttpClient } from '../http/http-client.ts';

/** What every fetch of one store shares. */
export interface FetchSettings {
  env: NodeJS.ProcessEnv;
  progress: Progress;
  offline: boolean;
}

/** What a resolver may use to bring one archive. */
export interface FetchRequest {
  /** How messages call what is fetched. */
  label: string;
  /** An empty folder of this request's own; removed afterwards. */
  staging: string;
  /** Folder of downloads that broke off, to be continued. */
  partial: string;
  maxBytes: number;
  /** Expected digest where the caller pinned one; resolvers may use it to trust a continued download. */
  sha256?: string;
  env: NodeJS.ProcessEnv;
  http: HttpClient;
  progress: ProgressTask;
  /** Aborted where another process has taken this one for dead and works on the same artifact. */
  signal: AbortSignal;
}

/** An archive in the request's staging folder. */
export interface FetchedArchive {
  path: string;
  /** 1 where the archive wraps everything in one top folder. */
  strip: 0 | 1;
  /** Who brought it, for the cache's records: `npm`, `npm registry`, `pip`, … */
  via: string;
}
