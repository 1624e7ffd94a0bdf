import QRCode from 'qrcode';
import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { whisper } from '../../../core/reply.js';
import type { Block } from '../../../core/rich.js';
import { commandWords, instant, key, words } from '../../../core/text.js';
import { keepPicture } from '../../../delivery/pictures.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import type { Vault } from '../../../people/ports.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { demandOwnDate } from '../rights.js';
import { DateRef } from '../schema.js';
import { datesAround, findLinked, goingTo, lockTries, WRONG_CODE, wrongTries } from './store-code.js';
import { windowOf } from './times.js';

const DIGITS = 6;
const PURPOSE = 'seminar code';
/** Wrong codes of one person within the time, in ms: with a million codes, guessing leads nowhere. */
const MOST_WRONG = 5;
const WITHIN_MS = 3_600_000;
/** So long before and after now a right code is told from a wrong one, though it doesn't open anything. */
const KNOWN_MS = 12 * 3_600_000;
/** The QR code's width, in pixels: it is read from the back of a room. */
const WIDTH = 720;
/** The picture goes so many ms after the check-in has closed. */
const KEEP_MS = 3_600_000;

/** A date's code: six digits that only the bot can tell, and needs not keep. */
export function codeOf(vault: Pick<Vault, 'digest'>, dateId: string): string {
  const digest = BigInt(`0x${vault.digest(dateId, PURPOSE).slice(0, 16)}`);
  return (digest % 10n ** BigInt(DIGITS)).toString().padStart(DIGITS, '0');
}

/** A code as somebody typed it: blanks and hyphens in it don't matter. @throws BellhopError `seminars.code_form` */
export function readCode(typed: string): string {
  const code = typed.replace(/[\s\-–.]/g, '');
  if (!/^\d{6}$/.test(code)) throw new BellhopError('seminars.code_form', { typed: words(typed.trim().slice(0, 40)) });
  return code;
}

/**
 * The date that a code belongs to; of two with the same code the one that the actor said to come to.
 * @throws BellhopError `seminars.code_wrong`, and `seminars.code_too_many` after five wrong ones within an hour
 */
export async function byCode(context: HandlerContext, code: string): Promise<SeminarDate> {
  const { db, organisation, person, clock, vault } = context;
  const found = await inTransaction(db, async (tx) => {
    const now = clock.now();
    await lockTries(tx, person.id);
    const tries = await wrongTries(tx, organisation.id, person.id, new Date(now.getTime() - WITHIN_MS));
    const [first] = tries;
    if (first && tries.length >= MOST_WRONG) {
      throw new BellhopError('seminars.code_too_many', { most: MOST_WRONG, again: instant(new Date(first.getTime() + WITHIN_MS)) });
    }
    const near = await datesAround(tx, organisation.id, now, { before: KNOWN_MS, after: KNOWN_MS });
    const dates = near.filter(({ id }) => codeOf(vault, id) === code);
    if (dates.length === 0) {
      const event = { organisationId: organisation.id, actorId: person.id, verb: WRONG_CODE, subjectId: person.id };
      await recordEvent(tx, event, now);
      return undefined;
    }
    const going = await goingTo(
      tx,
      organisation.id,
      person.id,
      dates.map(({ id }) => id),
    );
    const isOpen = (date: SeminarDate) => windowOf(date).opens <= now && now <= windowOf(date).closes;
    return dates.find((date) => isOpen(date) && going.has(date.id)) ?? dates.find(isOpen) ?? dates[0];
  });
  // Thrown here, so that the try stays noted.
  if (!found) throw new BellhopError('seminars.code_wrong', { code: words(code) });
  return found;
}

/** `123 456`: easier to read aloud. */
const spaced = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

const code = action({
  id: 'seminars.code',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    const date = await demandOwnDate(context, dateId);
    const { closes } = windowOf(date);
    if (date.state === 'cancelled') {
      throw new BellhopError('seminars.here_cancelled', { title: words(date.title), start: instant(date.startsAt) });
    }
    if (context.clock.now() > closes) {
      throw new BellhopError('seminars.code_closed', { title: words(date.title), closed: instant(closes) });
    }
    return whisper(await codeCard(context, date));
  },
});

async function codeCard(context: HandlerContext, date: SeminarDate): Promise<Card> {
  const digits = codeOf(context.vault, date.id);
  const { opens, closes } = windowOf(date);
  const picture = await draw(context, date, digits);
  const command = commandWords(context.actor.platform, 'seminar', `here ${digits}`);
  return {
    summary: key('seminars.code.summary', { title: words(date.title), code: words(spaced(digits)) }),
    title: words(spaced(digits)),
    lead: key('seminars.code.lead', { title: words(date.title), from: instant(opens), until: instant(closes) }),
    body: [
      ...picture,
      { kind: 'paragraph', text: picture.length > 0 ? key('seminars.code.how_scan', { command }) : key('seminars.code.how', { command }) },
    ],
    actions: [button(key('seminars.action.people'), to.people(date.id)), button(key('seminars.action.details'), to.date(date.id))],
  };
}

/** The QR code that opens the chat with the bot; nothing where there is no link to it. */
async function draw(context: HandlerContext, date: SeminarDate, digits: string): Promise<readonly Block[]> {
  const { db, organisation, clock, chatLinks, workspaceId } = context;
  const workspace = await findLinked(db, organisation.id, workspaceId);
  const link = workspace && chatLinks.toBot(workspace, `seminar here ${digits}`);
  if (link === undefined) return [];
  const content = await QRCode.toBuffer(link, { type: 'png', width: WIDTH, margin: 4, errorCorrectionLevel: 'M' });
  const expiresAt = new Date(windowOf(date).closes.getTime() + KEEP_MS);
  const id = await inTransaction(
    db,
    async (tx) => await keepPicture(tx, { organisationId: organisation.id, mime: 'image/png', content, expiresAt }, clock.now()),
  );
  return [{ kind: 'picture', id, alt: key('seminars.code.alt', { code: words(spaced(digits)) }) }];
}

export const codeActions = [code];
