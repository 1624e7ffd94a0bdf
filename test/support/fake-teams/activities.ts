import { randomUUID } from 'node:crypto';
import { BOT_ID, type FakeConnector, type FakePerson, TENANT } from './connector.js';

/**
 * What Teams posts to a bot. Written from the documentation ("Conversation events in your Teams bot", "Universal
 * Actions for Adaptive Cards", "Channel and group conversations"); ids are shortened.
 */
export function activities(connector: FakeConnector) {
  const base = (person: FakePerson, more: object = {}) => ({
    id: `f:${randomUUID()}`,
    timestamp: '2027-02-01T08:00:00.000Z',
    localTimestamp: '2027-02-01T10:00:00.000+02:00',
    localTimezone: 'Europe/Riga',
    channelId: 'msteams',
    serviceUrl: connector.serviceUrl,
    from: { id: person.id, name: person.name, aadObjectId: person.aadObjectId },
    recipient: { id: BOT_ID, name: 'Bellhop' },
    conversation: { conversationType: 'personal', tenantId: TENANT, id: person.conversationId },
    entities: [{ type: 'clientInfo', locale: 'lv-LV', country: 'LV', platform: 'Web', timezone: 'Europe/Riga' }] as object[],
    locale: 'lv-LV',
    channelData: { tenant: { id: TENANT } } as object,
    ...more,
  });
  const inChannel = (team: string, channel: string, thread = '1700000000001') => ({
    conversation: { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: `${channel};messageid=${thread}` },
    channelData: { teamsChannelId: channel, teamsTeamId: team, channel: { id: channel }, team: { id: team }, tenant: { id: TENANT } },
  });
  return {
    base,
    inChannel,
    message: (person: FakePerson, text: string, more: object = {}) => ({
      ...base(person),
      type: 'message',
      textFormat: 'plain',
      text,
      ...more,
    }),
    mention: (who: { id: string; name: string }) => ({
      type: 'mention',
      mentioned: { id: who.id, name: who.name },
      text: `<at>${who.name}</at>`,
    }),
    click: (person: FakePerson, button: { verb?: string; data?: object }, inputs: object = {}, more: object = {}) => ({
      ...base(person),
      type: 'invoke',
      name: 'adaptiveCard/action',
      replyToId: '1700000000000',
      value: { action: { type: 'Action.Execute', verb: button.verb, data: { ...button.data, ...inputs } }, trigger: 'manual' },
      ...more,
    }),
    /** A message extension is opened; `more` says where. */
    fetchTask: (person: FakePerson, commandId: string, more: object = {}, value: object = {}) => ({
      ...base(person),
      type: 'invoke',
      name: 'composeExtension/fetchTask',
      value: { commandId, commandContext: 'compose', requestId: randomUUID(), context: { theme: 'default' }, ...value },
      ...more,
    }),
    /** A button of a dialog: what it carries, with the inputs beside it. */
    submitAction: (person: FakePerson, commandId: string, data: object, more: object = {}) => ({
      ...base(person),
      type: 'invoke',
      name: 'composeExtension/submitAction',
      value: { commandId, commandContext: 'compose', requestId: randomUUID(), context: { theme: 'default' }, data },
      ...more,
    }),
    /** What comes with an action that was chosen at a message, as Microsoft Graph tells of it. */
    messagePayload: (id: string, html: string, author?: { aadObjectId: string; name: string }) => ({
      commandContext: 'message',
      messagePayload: {
        linkToMessage: `https://teams.microsoft.com/l/message/x/${id}`,
        id,
        replyToId: null,
        createdDateTime: '2027-02-01T07:00:00.000Z',
        deleted: false,
        subject: null,
        summary: null,
        importance: 'normal',
        locale: 'en-us',
        body: { contentType: 'html', content: html },
        from: {
          device: null,
          conversation: null,
          user: author ? { userIdentityType: 'aadUser', id: author.aadObjectId, displayName: author.name } : null,
          application: author ? null : { applicationIdentityType: 'bot', id: BOT_ID.slice(3), displayName: 'Bellhop' },
        },
        reactions: [],
        mentions: [],
        attachments: [],
      },
    }),
    /** Reactions at a message of the bot, set and taken away: Teams tells no name and no language with them. */
    reacted: (person: FakePerson, replyToId: string, change: { added?: string[]; removed?: string[] }, more: object = {}) => {
      const { entities: _entities, locale: _locale, localTimezone: _zone, localTimestamp: _local, ...bare } = base(person);
      return {
        ...bare,
        from: { id: person.id, aadObjectId: person.aadObjectId },
        type: 'messageReaction',
        replyToId,
        ...(change.added && { reactionsAdded: change.added.map((type) => ({ type })) }),
        ...(change.removed && { reactionsRemoved: change.removed.map((type) => ({ type })) }),
        ...more,
      };
    },
    installed: (person: FakePerson) => [
      { ...base(person), type: 'conversationUpdate', membersAdded: [{ id: BOT_ID }, { id: person.id, aadObjectId: person.aadObjectId }] },
      { ...base(person), type: 'installationUpdate', action: 'add' },
    ],
  };
}
