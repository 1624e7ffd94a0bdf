import { describe, expect, it } from 'vitest';
import { notice } from '../../src/core/card.js';
import type { Interaction } from '../../src/core/interaction.js';
import { words } from '../../src/core/text.js';
import { createMetrics } from '../../src/runtime/metrics.js';

const click: Interaction = {
  kind: 'action',
  ref: null,
  actor: { platform: 'slack', workspaceExternalId: 'T', externalId: 'U' },
  place: { kind: 'direct' },
  onceKey: 'k',
  requestId: 'r',
};

describe('the figures', () => {
  it('count requests, interactions and failures', async () => {
    const metrics = createMetrics();
    metrics.httpRequest({ method: 'GET', route: 'other', status: 404 }, 0.02);
    let repeat = false;
    const dispatch = metrics.dispatch(async () => ({
      answer: { kind: 'whisper', card: notice(words('x')) },
      reader: { locale: 'en', zone: 'UTC' },
      repeat,
    }));
    await dispatch(click);
    repeat = true;
    await dispatch(click);
    metrics.interactionFailed('try_again');
    const { body, contentType } = await metrics.render();
    expect(contentType).toContain('text/plain');
    expect(body).toContain('bellhop_http_request_seconds_count{method="GET",route="other",status="404"} 1');
    expect(body).toContain('bellhop_interaction_seconds_count{platform="slack",kind="action",outcome="whisper"} 1');
    expect(body).toContain('bellhop_interaction_seconds_count{platform="slack",kind="action",outcome="repeat"} 1');
    expect(body).toContain('bellhop_interaction_failures_total{code="try_again"} 1');
    expect(body).toContain('process_resident_memory_bytes');
  });

  it('count what became of deliveries', async () => {
    const metrics = createMetrics();
    metrics.delivery('sent', 'teams', 120);
    metrics.delivery('dead', 'slack', 0);
    const { body } = await metrics.render();
    expect(body).toContain('bellhop_delivery_seconds_count{platform="teams",outcome="sent"} 1');
    expect(body).toContain('bellhop_delivery_seconds_bucket{le="0.1",platform="teams",outcome="sent"} 0');
    expect(body).toContain('bellhop_delivery_seconds_count{platform="slack",outcome="dead"} 1');
  });

  it('tell what waits, as of now', async () => {
    let rows = [{ queue: 'delivery' as const, state: 'pending', count: 7, oldestSeconds: 12 }];
    const metrics = createMetrics({ queue: async () => ({ rows }) });
    expect((await metrics.render()).body).toContain('bellhop_queue_depth{queue="delivery",state="pending"} 7');
    rows = [];
    expect((await metrics.render()).body).not.toContain('state="pending"');
  });

  it('are told without the queue when the database is away or silent', async () => {
    for (const queue of [async () => Promise.reject(new Error('away')), () => new Promise<never>(() => {})]) {
      const { body } = await createMetrics({ queue }).render();
      expect(body).toContain('process_resident_memory_bytes');
    }
  });
});
