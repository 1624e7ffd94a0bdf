// Who and what the trial has from the start. Tenant, bot and owner have the ids that the Microsoft 365 Agents Playground
// uses when nothing is configured, so that a Playground started by hand is at home too. The others' ids on the wire are
// their object ids: by those the bot opens a chat with somebody who has not written yet, and the Playground knows no others.

export interface TrialPerson {
  /** The channel account's id on the wire. */
  readonly id: string;
  /** The Entra object id: who somebody is. */
  readonly objectId: string;
  readonly givenName: string;
  readonly surname: string;
}

export const TENANT_ID = '00000000-0000-0000-0000-0000000000001';
export const BOT = { id: '00000000-0000-0000-0000-00000000000011', name: 'Bellhop' } as const;
export const ORGANISATION = 'Harbour Hotel';

/** Whoever sits at the keyboard: the owner. */
export const YOU: TrialPerson = { id: 'user-id-0', objectId: '00000000-0000-0000-0000-0000000000020', givenName: 'Robin', surname: 'Vale' };

/** The line manager of the ones after. */
export const MANAGER: TrialPerson = {
  id: '00000000-0000-0000-0000-0000000000021',
  objectId: '00000000-0000-0000-0000-0000000000021',
  givenName: 'Ilze',
  surname: 'Kalniņa',
};

/** With the manager five, as many as the Playground wants. */
export const TEAM: readonly TrialPerson[] = [
  { id: '00000000-0000-0000-0000-0000000000022', objectId: '00000000-0000-0000-0000-0000000000022', givenName: 'Marco', surname: 'Rossi' },
  { id: '00000000-0000-0000-0000-0000000000023', objectId: '00000000-0000-0000-0000-0000000000023', givenName: 'Ana', surname: 'Horvat' },
  { id: '00000000-0000-0000-0000-0000000000024', objectId: '00000000-0000-0000-0000-0000000000024', givenName: 'Piotr', surname: 'Nowak' },
  { id: '00000000-0000-0000-0000-0000000000025', objectId: '00000000-0000-0000-0000-0000000000025', givenName: 'Lakshmi', surname: 'Rao' },
];

export const EVERYBODY: readonly TrialPerson[] = [YOU, MANAGER, ...TEAM];

/** The Teams team, whose first channel has the team's own id. */
export const HOTEL = { id: 'team-id', name: 'Harbour Hotel', groupId: '00000000-0000-0000-0000-000000000031', general: 'General' } as const;
export const ANNOUNCEMENTS = { id: 'channel-announcements-id', name: 'Announcements' } as const;

export const nameOf = (person: TrialPerson): string => `${person.givenName} ${person.surname}`;
/** Addresses that can't exist (RFC 2606). */
export const emailOf = (person: TrialPerson): string => `${person.givenName.toLowerCase()}@harbour-hotel.example`;
