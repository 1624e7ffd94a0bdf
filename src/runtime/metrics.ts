import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Dispatch } from '../core/dispatch.js';
import type { Platform } from '../core/interaction.js';

/** What waits in the database, as of now. */
export interface QueueFigures {
  readonly rows: readonly {
    readonly queue: 'delivery' | 'job' | 'mail';
    readonly state: string;
    readonly count: number;
    readonly oldestSeconds: number;
  }[];
}

export interface Metrics {
  /** One answered HTTP request. `route` must be one of few. */
  httpRequest(labels: { readonly method: string; readonly route: string; readonly status: number }, seconds: number): void;
  /** An interaction that failed: a defect, or the database away. */
  interactionFailed(code: 'unexpected' | 'try_again'): void;
  /** The same dispatch, counted. */
  dispatch(dispatch: Dispatch): Dispatch;
  /** One delivery that was dealt with. @param ms how long the platform took; 0 when it was not called */
  delivery(outcome: string, platform: Platform, ms: number): void;
  /** One e-mail that was dealt with. @param ms how long the mail server took; 0 when it was not called */
  mail(outcome: string, ms: number): void;
  /** The text that Prometheus reads. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Seconds; the platforms wait 3 (Slack) and 5 (Teams), and 0.1 is what a click should take. */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 5, 10];

/**
 * The figures of this process, and what waits in the database, read when Prometheus asks.
 * @param queue reads the queue; when it fails or takes long, its figures are left out and the others still told
 */
export function createMetrics(options: { readonly queue?: () => Promise<QueueFigures> } = {}): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'bellhop_http_request_seconds',
    help: 'HTTP requests answered',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const interactions = new Histogram({
    name: 'bellhop_interaction_seconds',
    help: 'Interactions answered, by what was done and how',
    labelNames: ['platform', 'kind', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'bellhop_interaction_failures_total',
    help: 'Interactions that failed',
    labelNames: ['code'],
    registers,
  });
  const deliveries = new Histogram({
    name: 'bellhop_delivery_seconds',
    help: 'Deliveries dealt with, by outcome; the time is what the platform took',
    labelNames: ['platform', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  const mails = new Histogram({
    name: 'bellhop_mail_seconds',
    help: 'E-mails dealt with, by outcome; the time is what the mail server took',
    labelNames: ['outcome'],
    buckets: BUCKETS,
    registers,
  });
  const depth = new Gauge({
    name: 'bellhop_queue_depth',
    help: 'Deliveries, e-mails and jobs in the database',
    labelNames: ['queue', 'state'],
    registers,
  });
  const age = new Gauge({
    name: 'bellhop_queue_oldest_seconds',
    help: 'How long the oldest has been due',
    labelNames: ['queue', 'state'],
    registers,
  });

  return {
    httpRequest: (labels, seconds) => requests.observe({ ...labels, status: String(labels.status) }, seconds),
    interactionFailed: (code) => failures.inc({ code }),
    dispatch: (dispatch) => async (interaction) => {
      const end = interactions.startTimer({ platform: interaction.actor.platform, kind: interaction.kind });
      const dispatched = await dispatch(interaction);
      end({ outcome: dispatched.repeat ? 'repeat' : dispatched.answer.kind });
      return dispatched;
    },
    delivery: (outcome, platform, ms) => deliveries.observe({ platform, outcome }, ms / 1000),
    mail: (outcome, ms) => mails.observe({ outcome }, ms / 1000),
    render: async () => {
      depth.reset();
      age.reset();
      const figures = await within(1000, options.queue?.()).catch(() => undefined);
      for (const { queue, state, count, oldestSeconds } of figures?.rows ?? []) {
        depth.set({ queue, state }, count);
        age.set({ queue, state }, oldestSeconds);
      }
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

/** @throws Error when it takes longer than `ms` */
async function within<T>(ms: number, act: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      act,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('timed out')), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
