import { createHash, randomBytes } from 'node:crypto';
import { key, plain, type Reader } from '../../../core/text.js';
import { notHere, type WebRoute } from '../../../core/web.js';
import { inTransaction } from '../../../people/db.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { findPerson, readerOf } from '../../../people/people.js';
import type { Vault } from '../../../people/ports.js';
import { calendarFile } from '../calendar/ics.js';
import { type Standing, standingsOf } from '../looking/store-standing.js';
import type { SeminarDate } from '../model.js';
import { eventOf, type Mark } from './event.js';
import { addFeed, findFeed, listForCalendar, ownerOfFeed, replaceFeed } from './store-feed.js';

/** What a feed's token is sealed for. */
const PURPOSE = 'calendar feed';

/** 256 bits, so that nobody finds one by trying. */
const TOKEN_BYTES = 32;

/** What the last part of an address looks like: 32 bytes in base64url. */
const FILE = /^([A-Za-z0-9_-]{43})\.ics$/;

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');

function newToken(vault: Vault): { readonly token: string; readonly tokenDigest: string; readonly sealedToken: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, tokenDigest: digestOf(token), sealedToken: vault.seal(token, PURPOSE) };
}

/** The address of a token; `publicUrl` is there, or there would be none. */
export const feedAddress = (publicUrl: string, token: string): string => `${publicUrl}/calendar/${token}.ics`;

/** Undefined when the key that sealed it is lost for good (runtime/key-check). */
function opened(vault: Vault, sealed: string): string | undefined {
  try {
    return vault.open(sealed, PURPOSE);
  } catch {
    return undefined;
  }
}

/** The actor's own token, made when it is asked for first. */
export async function ownToken(context: HandlerContext): Promise<string> {
  const { db, vault, organisation, person, clock } = context;
  const found = await findFeed(db, organisation.id, person.id);
  if (found) return opened(vault, found.sealedToken) ?? (await renewToken(context));
  await addFeed(db, organisation.id, person.id, newToken(vault), clock.now());
  // Of two who ask at once, both get what the first one made.
  const made = await findFeed(db, organisation.id, person.id);
  if (!made) throw new Error('A calendar address that was just made is gone.');
  return vault.open(made.sealedToken, PURPOSE);
}

/** Another token for the actor: the one before leads nowhere from now on. */
export async function renewToken({ db, vault, organisation, person, clock }: HandlerContext): Promise<string> {
  const made = newToken(vault);
  await inTransaction(db, async (tx) => await replaceFeed(tx, organisation.id, person.id, made, clock.now()));
  return made.token;
}

/** A person's dates as a calendar file, in that person's language. */
export async function personCalendar(context: WorkContext, personId: string, reader: Reader): Promise<string> {
  const { db, organisation, clock, localise } = context;
  const dates = await listForCalendar(db, organisation, personId, clock.now());
  const standings = await standingsOf(
    db,
    organisation,
    personId,
    dates.map((date) => date.id),
  );
  return calendarFile({
    method: 'PUBLISH',
    name: plain(localise(key('seminars.calendar.name'), reader)),
    events: dates.map((date) => eventOf(context, date, reader, { mark: markOf(date, standings(date.id), personId) })),
  });
}

function markOf(date: SeminarDate, { answer }: Standing, personId: string): Mark {
  if (date.hostId === personId) return 'hosting';
  return answer === 'going' || answer === 'maybe' || answer === 'waiting' ? answer : 'required';
}

/** The feed itself. Guessed, renewed, of somebody who left: the same words for all of them. */
export const feedRoute: WebRoute<WorkContext> = {
  method: 'GET',
  path: '/calendar/:file',
  run: async (context, { params, ifNoneMatch }) => {
    const token = FILE.exec(params.file ?? '')?.[1];
    const personId = token === undefined ? undefined : await ownerOfFeed(context.db, context.organisation, digestOf(token));
    const person = personId === undefined ? undefined : await findPerson(context.db, context.organisation.id, personId);
    if (!person) return notHere;
    const content = await personCalendar(context, person.id, readerOf(person));
    const etag = createHash('sha256').update(content).digest('base64url');
    if (ifNoneMatch === etag) return { status: 304, etag };
    return { status: 200, mime: 'text/calendar; charset=utf-8', content, fileName: 'bellhop.ics', disposition: 'inline', etag };
  },
};
