import type { ChatLinks } from '../../src/people/ports.js';

/** Slack's apps are `A…`; nothing else may get into an address. */
const APP_ID = /^A[A-Z0-9]{2,}$/;

/**
 * Links into the bot's direct messages (https://docs.slack.dev/interactivity/deep-linking). The https one is opened by
 * every phone's camera, with Slack's app or without; it needs the app's id. The other one needs Slack's app.
 * Neither can hold words to send.
 * @param appId as Slack named it last; undefined until then
 */
export function createSlackLinks(appId: () => string | undefined): ChatLinks {
  return {
    toBot: ({ platform, externalId, botExternalId }) => {
      if (platform !== 'slack') return undefined;
      const app = appId();
      if (app !== undefined && APP_ID.test(app)) return `https://slack.com/app_redirect?${new URLSearchParams({ app, team: externalId })}`;
      return botExternalId === null ? undefined : `slack://user?${new URLSearchParams({ team: externalId, id: botExternalId })}`;
    },
  };
}
