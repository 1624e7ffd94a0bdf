import { button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { to } from '../refs.js';
import { type Integration, type KeyRow, listIntegrations } from './store-keys.js';

/** The systems that send feedback. `lead` tells what has just happened. */
export async function keysCard(context: HandlerContext, offset = 0, lead?: Text): Promise<Card> {
  const { db, organisation, publicUrl, clock } = context;
  const all = await listIntegrations(db, organisation.id);
  const told = lead ?? key(all.length === 0 ? 'feedback.keys.none' : 'feedback.keys.lead');
  return {
    summary: told,
    title: key('feedback.keys.title'),
    lead: told,
    ...(publicUrl && {
      facts: [
        { label: key('feedback.keys.address'), value: words(`${publicUrl}/api/v1/feedback`) },
        { label: key('feedback.keys.description'), value: words(`${publicUrl}/api/v1/openapi.json`) },
      ],
    }),
    rows: all.slice(offset, offset + ROWS).map(
      (integration): Row => ({
        text: words(integration.name),
        detail: usedText(integration, clock.now()),
        action: button(key('core.ui.open'), ref('feedback.system', { integrationId: integration.id })),
      }),
    ),
    actions: [
      button(key('feedback.keys.add'), ref('feedback.system_open'), all.length === 0 ? { style: 'primary' } : {}),
      ...turnRows(offset, all.length, (next) => to.keys(next)),
    ],
    ...shownFooter(offset, Math.min(ROWS, all.length - offset), all.length),
  };
}

const isGood = ({ revokedAt, expiresAt }: KeyRow, now: Date) => revokedAt === null && (expiresAt === null || expiresAt > now);

function usedText({ keys }: Integration, now: Date): Text {
  const good = keys.filter((candidate) => isGood(candidate, now));
  const used = keys.flatMap(({ lastUsedAt }) => lastUsedAt ?? []).toSorted((one, other) => other.getTime() - one.getTime())[0];
  if (good.length === 0) return key('feedback.keys.no_key');
  return used ? key('feedback.keys.used', { at: instant(used) }) : key('feedback.keys.never_used');
}

function keyText({ hint, expiresAt, revokedAt, createdAt }: KeyRow, now: Date): Text {
  const name = words(`…${hint}`);
  if (revokedAt) return key('feedback.key.revoked', { key: name, at: instant(revokedAt) });
  if (expiresAt && expiresAt <= now) return key('feedback.key.expired', { key: name, at: instant(expiresAt) });
  if (expiresAt) return key('feedback.key.expires', { key: name, at: instant(expiresAt) });
  return key('feedback.key.good', { key: name, at: instant(createdAt) });
}

/** One system with its keys. */
export function systemCard({ clock }: HandlerContext, integration: Integration, lead?: Text): Card {
  const now = clock.now();
  const { id, name, keys } = integration;
  const title = key('feedback.system.title', { name: words(name) });
  return {
    summary: lead ?? title,
    title,
    lead: lead ?? key('feedback.system.lead'),
    // The latest few: older ones are no good any more.
    rows: keys.slice(0, ROWS).map(
      (row): Row => ({
        text: keyText(row, now),
        ...(row.lastUsedAt && { detail: key('feedback.keys.used', { at: instant(row.lastUsedAt) }) }),
        ...(isGood(row, now) && {
          action: button(key('feedback.key.revoke'), ref('feedback.key_revoke', { integrationId: id, keyId: row.id }), {
            style: 'danger',
            confirm: {
              title: key('feedback.key.revoke_title'),
              text: key('feedback.key.revoke_text', { name: words(name) }),
              yes: key('feedback.key.revoke'),
              no: key('core.ui.cancel'),
            },
          }),
        }),
      }),
    ),
    actions: [
      button(key('feedback.key.rotate'), ref('feedback.key_rotate', { integrationId: id }), {
        style: 'primary',
        confirm: {
          title: key('feedback.key.rotate_title'),
          text: key('feedback.key.rotate_text'),
          yes: key('feedback.key.rotate'),
          no: key('core.ui.cancel'),
        },
      }),
      button(key('feedback.system.close'), ref('feedback.system_close', { integrationId: id }), {
        style: 'danger',
        confirm: {
          title: key('feedback.system.close_title'),
          text: key('feedback.system.close_text', { name: words(name) }),
          yes: key('feedback.system.close'),
          no: key('core.ui.cancel'),
        },
      }),
      button(key('feedback.system.back'), to.keys()),
    ],
  };
}

/** A key, shown once and kept nowhere but sealed. */
export function newKeyCard(name: string, secret: string, publicUrl: string | undefined): Card {
  const lead = key('feedback.key.new_lead', { name: words(name) });
  return {
    summary: lead,
    title: key('feedback.key.new_title'),
    lead,
    facts: [
      { label: key('feedback.key.new_key'), value: words(secret) },
      ...(publicUrl ? [{ label: key('feedback.keys.address'), value: words(`${publicUrl}/api/v1/feedback`) }] : []),
    ],
    actions: [button(key('feedback.system.back'), to.keys())],
    ...(publicUrl === undefined && { footer: key('feedback.keys.no_address') }),
  };
}
