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
  const inChannel = (team: string, channel: string) => ({
    conversation: { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: `${channel};messageid=1700000000001` },
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
    installed: (person: FakePerson) => [
      { ...base(person), type: 'conversationUpdate', membersAdded: [{ id: BOT_ID }, { id: person.id, aadObjectId: person.aadObjectId }] },
      { ...base(person), type: 'installationUpdate', action: 'add' },
    ],
  };
}
