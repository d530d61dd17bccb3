import { Hono } from 'hono';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchWatch } from '../bench-types.ts';
import { describeFailure } from '../failures.ts';

/** What a page that follows a benchmark is made of. */
export interface WatchApp {
  readonly watch: BenchWatch;
  /** The page itself. */
  readonly page: () => Promise<string>;
  /** The report of what there is so far. @throws HeadstartError where there is none yet */
  readonly report: () => Promise<string>;
}

/** Names under which this machine alone is reached. */
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Answers for a benchmark that runs: its page, how far it is, and its report so far. */
export function watchApp({ watch, page, report }: WatchApp): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    context.header('Cache-Control', 'no-store');
    context.header('X-Content-Type-Options', 'nosniff');
    // A page of another name that leads here (DNS rebinding) is not answered.
    if (!LOCAL.has(new URL(context.req.url).hostname)) return context.text('Ask for localhost.\n', 421);
    return next();
  });
  app.get('/', async (context) => context.html(await page()));
  app.get('/progress.json', (context) => context.json(watch.snapshot));
  app.get('/report.html', async (context) => {
    try {
      return context.html(await report());
    } catch (error) {
      if (!HeadstartError.is(error)) throw error;
      const { message, hint } = describeFailure(error);
      return context.text(`${message}\n${hint}\n`, 503);
    }
  });
  return app;
}
