import { instant, key, type Text, words } from '../../src/core/text.js';
import type { Colleague, Shown } from '../support/colleague.js';
import type { TestDatabase } from '../support/database.js';
import type { FakeSmtp } from '../support/fake-smtp.js';

/** A company that holds seminars, whatever it chats with, and whose clock can be moved on. */
export interface Office {
  readonly manager: Colleague;
  readonly host: Colleague;
  readonly ben: Colleague;
  readonly cy: Colleague;
  readonly dee: Colleague;
  readonly eve: Colleague;
  /** The channel for announcements, as the field of a form names it. */
  readonly announceIn: string;
  readonly smtp: FakeSmtp;
  readonly database: TestDatabase;
  /** As the colleagues read it: in English, in Riga; what stands in a channel is read in the organisation’s zone, which is UTC. */
  shows(text: Text, zone?: string): string;
  /** The newest message in that channel that says this; waits for it. */
  post(says: string): Promise<Shown>;
  /** Ends the program and starts it again at this instant. @param iso ISO 8601 */
  at(iso: string): Promise<void>;
}

/** The cast of a story, in the order of the stand-ins' employees. */
export const CAST = ['host', 'ben', 'cy', 'dee', 'eve'] as const;

/** Where every story begins: Monday 1 March 2027, 10:00 in Riga. */
export const BEGIN = '2027-03-01T08:00Z';
export const ZONE = 'Europe/Riga';
export const TITLE = 'Calm at the counter';
export const title = words(TITLE);
/** The first of its Tuesdays, as it was planned and after it was moved; and the one after it. */
export const PLANNED = new Date('2027-03-16T08:00Z');
export const MOVED = new Date('2027-03-18T12:00Z');
export const SECOND = new Date('2027-04-20T07:00Z');

/** The counts that a post shows. */
export const counts = (shown: Readonly<Record<'going' | 'cant' | 'maybe', number>>): Text => key('seminars.post.answers', shown);

/** The card of the date that begins then, from the list. */
export async function dateCard({ shows, database }: Office, who: Colleague, startsAt: Date): Promise<Shown> {
  const { id } = await database.db.seminarDate.findFirstOrThrow({ where: { startsAt } });
  const list = await who.command('seminar list', shows(instant(startsAt)));
  return await who.press(list, 'seminars.date', shows(instant(startsAt)), ({ dateId }) => dateId === id);
}

/** The private address of a feed on a card. */
export function addressOn(shown: Shown): string {
  const [address] = /http:\/\/\S+?\.ics/.exec(shown.text()) ?? [];
  if (!address) throw new Error(`There is no address on ${shown.text()}`);
  return address;
}
