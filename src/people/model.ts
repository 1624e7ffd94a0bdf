import type { Role } from '../core/roles.js';

/** An organisation as features see it. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  /** IANA zone. */
  readonly zone: string;
  /** BCP 47. */
  readonly locale: string;
  readonly country: string | null;
  readonly hours: WorkingHours;
  /** Messages a day that the bot starts to one person, alerts aside. */
  readonly dailyCap: number;
  readonly guestsAllowed: boolean;
  readonly announcementsChannelId: string | null;
  readonly managersChannelId: string | null;
  readonly firstRunDone: boolean;
}

/** Minutes after midnight, local time; ISO weekdays (1 = Monday). */
export interface WorkingHours {
  readonly start: number;
  readonly end: number;
  readonly days: readonly number[];
}

/** A person as features see them. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly active: boolean;
  readonly lineManagerId: string | null;
  readonly teamId: string | null;
  readonly locationId: string | null;
  /** The https address of the picture that goes with the account used last; null where no account has one. */
  readonly pictureUrl: string | null;
  /** Language of everything shown to this person: chosen, else the platform's, else the location's, else the organisation's. */
  readonly locale: string;
  /** The platform's zone, else the location's, else the organisation's. */
  readonly zone: string;
  /** The location's, else the organisation's. */
  readonly hours: WorkingHours;
}

/** Who is asked or addressed. */
export type Audience =
  | { readonly kind: 'everyone' }
  /** Members of one of Bellhop's channels (id in Bellhop). */
  | { readonly kind: 'channel'; readonly channelId: string }
  | { readonly kind: 'team'; readonly teamId: string }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'location'; readonly locationId: string }
  | { readonly kind: 'people'; readonly personIds: readonly string[] };
