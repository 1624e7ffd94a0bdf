import { z } from 'zod';

/** The one path that Slack calls over HTTP: events, commands and interactivity alike (the receiver's default). */
export const SLACK_EVENTS_PATH = '/slack/events';

/**
 * What the id of a shortcut in Slack's own menus has behind that of the same shortcut at a message: Slack wants each
 * to have an id of its own, and Bellhop's registry has one for both.
 */
export const SHORTCUT_TWIN = /_new$/;

/**
 * The parts of Slack's app manifest that Bellhop relies on, within Slack's limits; whatever else it says is kept.
 * Source: https://docs.slack.dev/reference/app-manifest and the schema in github.com/slackapi/manifest-schema.
 */
export const SlackManifest = z.looseObject({
  display_information: z.looseObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    long_description: z.string().min(175).max(4000),
    background_color: z.string().regex(/^#[0-9A-Fa-f]{6}$/),
  }),
  features: z.looseObject({
    app_home: z.looseObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.looseObject({ display_name: z.string().min(1).max(80), always_online: z.boolean() }),
    slash_commands: z
      .array(
        z.looseObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000).optional(),
          should_escape: z.boolean().optional(),
          url: z.url().max(3000).optional(),
        }),
      )
      .max(50),
    shortcuts: z
      .array(
        z.looseObject({
          name: z.string().min(1).max(24),
          type: z.enum(['message', 'global']),
          callback_id: z.string().min(1).max(255),
          description: z.string().min(1).max(150),
        }),
      )
      .max(10),
  }),
  oauth_config: z.looseObject({ scopes: z.looseObject({ bot: z.array(z.string().max(50)).max(255) }) }),
  settings: z.looseObject({
    event_subscriptions: z.looseObject({
      request_url: z.url().max(3500).optional(),
      bot_events: z.array(z.string().max(50)).max(100),
    }),
    interactivity: z.looseObject({ is_enabled: z.boolean(), request_url: z.url().optional() }),
    socket_mode_enabled: z.boolean(),
  }),
});

export type SlackManifest = z.infer<typeof SlackManifest>;

/**
 * The HTTP form of a Socket Mode manifest: the same app, called by Slack at `url`.
 *
 * No `message_menu_options_url`: it serves select menus whose options Slack fetches from the app, and Bellhop has none.
 *
 * @param manifest the Socket Mode manifest; not changed
 * @param url the bot's public address without a path and without a last slash
 */
export function httpManifest(manifest: SlackManifest, url: string): SlackManifest {
  const requestUrl = `${url}${SLACK_EVENTS_PATH}`;
  const { features, settings } = manifest;
  return {
    ...manifest,
    features: {
      ...features,
      slash_commands: features.slash_commands.map(({ command, ...rest }) => ({ command, url: requestUrl, ...rest })),
    },
    settings: {
      ...settings,
      event_subscriptions: { request_url: requestUrl, ...settings.event_subscriptions },
      interactivity: { ...settings.interactivity, request_url: requestUrl },
      socket_mode_enabled: false,
    },
  };
}
