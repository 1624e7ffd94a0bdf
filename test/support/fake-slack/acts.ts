import { readFileSync } from 'node:fs';
import { SlackManifest } from '../../../adapters/slack/manifest.js';
import { BOT_USER, type Json, TEAM } from './directory-answers.js';

// Slack sends what the app's manifest asks for, and nothing else.
const { features, settings } = SlackManifest.parse(JSON.parse(readFileSync(new URL('../../../manifest.json', import.meta.url), 'utf8')));

/** A message that somebody wrote; without `user` it is the bot's. */
export interface Written {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly user?: string;
}

/** What Slack posts for a shortcut of its menus. Source: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export function shortcutPayload(user: string, callbackId: string, actionTs: string): Json {
  return { type: 'shortcut', ...ofShortcut(user, callbackId, 'global', actionTs) };
}

/** What Slack posts for a shortcut at a message; the source is the same. */
export function messageShortcutPayload(user: string, callbackId: string, message: Written, actionTs: string, responseUrl: string): Json {
  const { channel, ts, text } = message;
  return {
    type: 'message_action',
    ...ofShortcut(user, callbackId, 'message', actionTs),
    channel: { id: channel, name: channel.startsWith('D') ? 'directmessage' : 'team' },
    message_ts: ts,
    response_url: responseUrl,
    message: { type: 'message', ts, text, team: TEAM, ...(message.user ? { user: message.user } : { user: BOT_USER, bot_id: 'B0BOT' }) },
  };
}

function ofShortcut(user: string, callbackId: string, type: 'global' | 'message', actionTs: string): Json {
  const known = features.shortcuts?.some((shortcut) => shortcut.callback_id === callbackId && shortcut.type === type);
  if (!known) throw new Error(`The manifest has no ${type} shortcut ${callbackId}.`);
  return {
    callback_id: callbackId,
    token: 'verification',
    action_ts: actionTs,
    team: { id: TEAM, domain: 'fake' },
    user: { id: user, name: user.toLowerCase(), username: user.toLowerCase(), team_id: TEAM },
    is_enterprise_install: false,
    enterprise: null,
  };
}

/** What Slack tells of a reaction. Source: https://docs.slack.dev/reference/events/reaction_added */
export function reactionEvent(user: string, emoji: string, at: { channel: string; ts: string; author?: string }, added: boolean): Json {
  const type = added ? 'reaction_added' : 'reaction_removed';
  if (!settings.event_subscriptions.bot_events.includes(type)) throw new Error(`The manifest does not ask for ${type}.`);
  return {
    type,
    user,
    reaction: emoji,
    item: { type: 'message', channel: at.channel, ts: at.ts },
    ...(at.author ? { item_user: at.author } : {}),
  };
}
