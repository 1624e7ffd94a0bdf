import type { ChatLinks } from '../../src/people/ports.js';

/** How Teams names bots, by their Microsoft App ID. */
const BOT = '28:';

/**
 * Links into the chat with the bot, with what is to be sent in the message box
 * (https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams).
 * @param appId the Microsoft App ID; empty where there is none (the trial's Playground has no such chats)
 */
export function createTeamsLinks(appId: string): ChatLinks {
  return {
    toBot: ({ platform, externalId, botExternalId }, typed) => {
      const bot = botExternalId?.startsWith(BOT) ? botExternalId : `${BOT}${appId}`;
      if (platform !== 'teams' || bot === BOT) return undefined;
      // Teams reads a plus sign as one: blanks are written as %20.
      const query = Object.entries({ tenantId: externalId, users: bot, ...(typed && { message: typed }) });
      return `https://teams.microsoft.com/l/chat/0/0?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
    },
  };
}
