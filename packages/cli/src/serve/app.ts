import { setMaxListeners } from 'node:events';
import { extname } from 'node:path';
import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';
import { keepTop } from '../top-labels.ts';
import { METRICS_CONTENT_TYPE } from './metrics.ts';
import { openApi } from './openapi.ts';
import { Problem, problemOf } from './problem.ts';
import { HeldBytes, readBody } from './read-body.ts';
import { readInputs, readQuery } from './read-inputs.ts';
import type { ModelCard } from './schemas.ts';
import type { Outcome, ServedModel } from './served-model.ts';

export interface AppOptions {
  /** The longest body, in bytes. */
  readonly bodyLimit: number;
  /** How long a request that has been read may take, in milliseconds. */
  readonly timeout: number;
  /** The files of the page, see `LoadedModel.servedPage`. */
  readonly page: readonly (readonly [name: string, content: Uint8Array | string])[];
  /** An origin whose pages may ask, or `*`. */
  readonly cors?: string;
  /** Whether the server is about to end. */
  draining(): boolean;
  /** Told of what failed through no fault of the request. */
  onFailure(error: unknown): void;
}

/** Bodies that may be under way, as a multiple of the longest one. */
const BODIES_HELD = 16;

/** What a server answers, whatever it listens with. */
export function serveApp(served: ServedModel, options: AppOptions): Hono {
  const { model, metrics } = served;
  const { modality } = model.task;
  const held = new HeldBytes(BODIES_HELD * options.bodyLimit);
  const card = cardOf(served);
  const document = openApi(card);
  const app = new Hono();
  const known = new Map([...PATHS, ...options.page.map(([name]) => [`/${name}`, READ] as const)]);

  app.use(async (context, next) => {
    const started = performance.now();
    await next();
    const { method, path } = context.req;
    const { status } = context.res;
    metrics.requests.add({ path: known.has(path) ? path : 'other', method: methodOf(method), status: String(status) });
    if (path === '/predict' && method === 'POST') metrics.seconds.observe((performance.now() - started) / 1000);
    context.res.headers.set('X-Content-Type-Options', 'nosniff');
  });
  if (options.cors !== undefined) app.use(cors({ origin: options.cors, allowMethods: ['GET', 'POST'] }));

  for (const [name, content] of options.page) {
    const headers = { 'Content-Type': typeOf(name), 'Content-Security-Policy': PAGE_POLICY };
    const body = typeof content === 'string' ? content : new Uint8Array(content);
    for (const path of name === 'index.html' ? ['/', '/index.html'] : [`/${name}`])
      app.get(path, (context) => context.body(body, 200, headers));
  }
  app.get('/health', (context) =>
    options.draining() ? context.json({ status: 'draining' }, 503) : context.json({ status: 'ready' }),
  );
  app.get('/metrics', (context) => context.body(metrics.text(), 200, { 'Content-Type': METRICS_CONTENT_TYPE }));
  app.get('/model', (context) => context.json(card));
  app.get('/openapi.json', (context) => context.json(document));
  app.post('/predict', async (context) => {
    const query = readQuery(new URL(context.req.url));
    let bytes = 0;
    try {
      const body = await readBody(context.req.raw, options.bodyLimit, (more) => {
        held.take(more);
        bytes += more;
      });
      const asked = await readInputs(context.req.header('content-type') ?? null, body, modality);
      const outcomes = await withTimeout(options.timeout, context.req.raw.signal, (signal) =>
        served.predict(asked.inputs, signal),
      );
      return reply(context, outcomes, asked.top ?? query.top, model.labels.length);
    } finally {
      held.give(bytes);
    }
  });

  for (const [path, allowed] of known) app.all(path, (context) => wrongMethod(context, allowed));
  app.notFound((context) =>
    refuse(
      context,
      new Problem(404, {
        code: 'not-found',
        message: `There is nothing at ${context.req.path.slice(0, 80)}.`,
        hint: `There are ${PATHS.map(([path]) => path).join(', ')}; /openapi.json describes them.`,
      }),
    ),
  );
  app.onError((error, context) => {
    const problem = problemOf(error, modality);
    if (problem.status >= 500 && !(error instanceof Problem)) options.onFailure(error);
    return refuse(context, problem);
  });
  return app;
}

const READ = 'GET, HEAD';

/** The methods of each path, those of the page's files apart. */
const PATHS: readonly (readonly [path: string, methods: string])[] = [
  ['/', READ],
  ['/predict', 'POST'],
  ['/model', READ],
  ['/openapi.json', READ],
  ['/health', READ],
  ['/metrics', READ],
];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
};

const typeOf = (name: string) => TYPES[extname(name)] ?? 'text/plain; charset=utf-8';

/** The page loads scripts from this server alone, has its style in itself, and asks nobody else. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self'";

/** A method as metrics name it: what a client makes up is no series of its own. */
function methodOf(method: string): string {
  return ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'].includes(method) ? method : 'other';
}

function wrongMethod(context: Context, allowed: string): Response {
  const { method, path } = context.req;
  const body = { code: 'wrong-method', message: `${path} is not asked by ${method}.`, hint: `Use ${allowed}.` };
  return refuse(context, new Problem(405, body, { Allow: allowed }));
}

function refuse(context: Context, { status, body, headers }: Problem): Response {
  return context.json({ error: body }, status as 400, { ...headers });
}

/** One prediction per input: an input that failed has an error in its place, and where all did, the request has. */
function reply(context: Context, outcomes: readonly Outcome[], top: number | undefined, labels: number): Response {
  const predictions = outcomes.map((outcome) => {
    if ('problem' in outcome) return { error: outcome.problem.body };
    return top === undefined ? outcome.prediction : keepTop(outcome.prediction, top, labels);
  });
  const [first] = outcomes;
  if (first && 'problem' in first && outcomes.every((outcome) => 'problem' in outcome)) {
    const { status, body, headers } = first.problem;
    return context.json({ error: body, predictions }, status as 400, { ...headers });
  }
  return context.json({ predictions });
}

/** Runs work that is given up after a time, or when the client has gone. @throws Problem 503 after the time */
async function withTimeout<T>(
  timeout: number,
  gone: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // one per input that waits
  const leave = () => controller.abort(gone.reason);
  if (gone.aborted) leave();
  gone.addEventListener('abort', leave, { once: true });
  const late = new Problem(
    503,
    {
      code: 'timeout',
      message: `The answer took longer than ${timeout / 1000} s.`,
      hint: 'Send the request again when the server is less busy; who runs it can raise --timeout.',
    },
    { 'Retry-After': '1' },
  );
  const timer = setTimeout(() => controller.abort(late), timeout);
  try {
    const given = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
    });
    return await Promise.race([work(controller.signal), given]);
  } finally {
    clearTimeout(timer);
    gone.removeEventListener('abort', leave);
  }
}

function cardOf({ model }: ServedModel): ModelCard {
  const { source, strategy, headstart } = model.card as Pick<ModelCard, 'source' | 'strategy' | 'headstart'>;
  const { id, architecture, licence } = source;
  return {
    task: model.task.id,
    modality: model.task.modality,
    labels: [...model.labels],
    source: { id, architecture, licence },
    strategy,
    headstart,
  };
}
