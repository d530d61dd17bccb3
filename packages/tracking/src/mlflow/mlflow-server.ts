import type { MlflowSettings } from './settings.ts';

/** A server that cannot be reached or has no time; what was asked may be asked again. */
export class Unavailable extends Error {}

/** An answer that will be the same the next time. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** MLflow's own, such as `PERMISSION_DENIED`; absent where the answer is not MLflow's. */
    readonly errorCode: string | undefined,
  ) {
    super(message);
  }
}

/** How long, in milliseconds, an answer is waited for, and the server is left alone after it has failed. */
export interface Patience {
  readonly answer: number;
  /** After one failure; doubled with each more in a row. */
  readonly firstPause: number;
  readonly longestPause: number;
}

const PATIENCE: Patience = { answer: 10_000, firstPause: 1000, longestPause: 60_000 };

/** Statuses that say that it may go well later. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * MLflow's REST interface, and whether it has answered lately: one for all runs of a process, so that a server which is
 * gone costs the time of few.
 *
 * Specification: https://mlflow.org/docs/latest/rest-api.html
 */
export class MlflowServer {
  #failures = 0;
  #failure = '';
  #pausedUntil = 0;

  constructor(
    readonly settings: MlflowSettings,
    private readonly patience: Patience = PATIENCE,
  ) {}

  /** Milliseconds for which the server is better left alone; 0 where it answered last time. */
  get pause(): number {
    return Math.max(0, this.#pausedUntil - performance.now());
  }

  /** Why it was unavailable last. */
  get failure(): string {
    return this.#failure;
  }

  /** @throws Unavailable, Refused */
  get(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#ask(`${path}?${new URLSearchParams(query).toString()}`, { method: 'GET' });
  }

  /** @throws Unavailable, Refused */
  post(path: string, body: object): Promise<unknown> {
    return this.#ask(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async #ask(path: string, request: RequestInit): Promise<unknown> {
    const { url, authorization } = this.settings;
    const headers = { 'Content-Type': 'application/json', ...(authorization && { Authorization: authorization }) };
    let status: number;
    let text: string;
    try {
      const signal = AbortSignal.timeout(this.patience.answer);
      const response = await fetch(`${url}/api/2.0/mlflow/${path}`, { ...request, headers, signal });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw this.#failed(reasonOf(error, this.patience.answer), error);
    }
    if (LATER.has(status)) throw this.#failed(`it answers ${status}${excerpt(text)}`);
    this.#failures = 0;
    this.#pausedUntil = 0;
    return answerOf(status, text);
  }

  #failed(reason: string, cause?: unknown): Unavailable {
    const { firstPause, longestPause } = this.patience;
    this.#pausedUntil = performance.now() + Math.min(longestPause, firstPause * 2 ** this.#failures);
    this.#failures += 1;
    this.#failure = reason;
    return new Unavailable(reason, { cause });
  }
}

/** @throws Refused */
function answerOf(status: number, text: string): unknown {
  const answer = parsed(text);
  if (status < 400 && answer) return answer;
  const code = answer?.['error_code'];
  const message = answer?.['message'];
  throw new Refused(
    typeof message === 'string' ? message : `it answers ${status} with what is not MLflow's${excerpt(text)}`,
    status,
    typeof code === 'string' ? code : undefined,
  );
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // a page of a proxy, or of another server
  }
}

function reasonOf(error: unknown, answer: number): string {
  if ((error as Error).name === 'TimeoutError') return `no answer within ${answer / 1000} s`;
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return cause?.message || cause?.code || (error as Error).message; // of several addresses' failures there is but a code
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, 80);
  return line === '' ? '' : `: ${line}`;
}
