import { Router } from 'express';

/** A part that must work before requests should come here. */
export type Check = () => boolean | Promise<boolean>;

export interface HealthOptions {
  /** By the part's name, as it is told to whoever asks. */
  readonly checks: Readonly<Record<string, Check>>;
  /** The text that Prometheus reads. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

/** The longest that a check may take, in ms. */
const PATIENCE_MS = 1000;

/**
 * For whoever runs the bot: `GET /healthz` (the process lives: restart it when not), `GET /readyz`
 * (it can serve: 503 names the part that can't) and `GET /metrics`.
 */
export function healthRoutes({ checks, metrics }: HealthOptions): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const answers = await Promise.all(Object.entries(checks).map(async ([part, check]) => [part, await passes(check)] as const));
    const ready = answers.every(([, passed]) => passed);
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({
        status: ready ? 'ready' : 'not_ready',
        parts: Object.fromEntries(answers.map(([part, passed]) => [part, passed ? 'ok' : 'failing'])),
      });
  });
  router.get('/metrics', async (_request, response) => {
    const { contentType, body } = await metrics();
    response.set({ 'Content-Type': contentType, 'Cache-Control': 'no-store' }).send(body);
  });
  return router;
}

async function passes(check: Check): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), tooLong]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
