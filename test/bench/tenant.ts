import { activities } from '../support/fake-teams/activities.js';
import { FakeConnector, type FakePerson, TENANT } from '../support/fake-teams/connector.js';
import { startIssuer } from '../support/fake-teams/issuer.js';

const APP_ID = '11111111-2222-4333-8444-555555555555';

/** A stand-in of Teams with people in it, who sign what they send with real tokens. */
export interface Tenant {
  readonly people: readonly FakePerson[];
  readonly environment: Readonly<Record<string, string>>;
  /** Somebody writes to the bot; resolves when it was taken. @throws Error when it wasn't */
  say(botAddress: string, person: FakePerson, text: string): Promise<void>;
  stop(): Promise<void>;
}

export async function openTenant(count: number): Promise<Tenant> {
  const connector = await new FakeConnector().start();
  const issuer = await startIssuer(APP_ID);
  connector.bearer = issuer.botToken;
  connector.perSecond = Number.POSITIVE_INFINITY;
  const people = Array.from({ length: count }, (_, index) => connector.addPerson(`Teams Person ${index}`));
  const token = await issuer.token(connector.serviceUrl);
  const make = activities(connector);
  return {
    people,
    environment: {
      MicrosoftAppType: 'SingleTenant',
      MicrosoftAppId: APP_ID,
      MicrosoftAppPassword: 'secret',
      MicrosoftAppTenantId: TENANT,
      ToBotFromChannelOpenIdMetadataUrl: issuer.metadataUrl,
      ToChannelFromBotLoginUrl: issuer.loginUrl,
    },
    say: async (botAddress, person, text) => {
      const response = await fetch(`${botAddress}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(make.message(person, text)),
      });
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`The bot did not take a message of Teams: ${response.status}.`);
    },
    stop: async () => {
      await issuer.stop();
      await connector.stop();
    },
  };
}
