import { createCanvas, loadImage } from '@napi-rs/canvas';
import jsqr from 'jsqr';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { Answer } from '../../src/core/reply.js';
import { codeOf } from '../../src/features/seminars/attending/code.js';
import { testVault } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { at, dateFor, recordedOf, TIMES } from '../support/seminar-attending.js';
import { type SeminarCompany, seminarCompany } from '../support/seminar-company.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const cardOf = (answer: Answer): Card => {
  const [card] = cardsOf(answer);
  if (!card) throw new Error(`No card: ${JSON.stringify(answer)}`);
  return card;
};

/** What a picture of a card says to a phone's camera. */
async function scanned(card: Card): Promise<string | undefined> {
  const picture = card.body?.find((block) => block.kind === 'picture');
  if (!picture) return undefined;
  const { content } = await database.db.picture.findFirstOrThrow({ where: { id: picture.id } });
  const image = await loadImage(Buffer.from(content));
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, image.width, image.height);
  return jsqr.default(new Uint8ClampedArray(data), width, height)?.data;
}

describe('the code', () => {
  it('is six digits, the same every time, another one for each date', () => {
    const [one, two] = ['01949c2e-0000-7000-8000-000000000001', '01949c2e-0000-7000-8000-000000000002'];
    expect(codeOf(testVault, one)).toMatch(/^\d{6}$/);
    expect(codeOf(testVault, one)).toBe(codeOf(testVault, one));
    expect(codeOf(testVault, one)).not.toBe(codeOf(testVault, two));
  });

  it('checks in whoever types it while the check-in is open, blanks and all', async () => {
    const { bot, ana, ben } = company;
    const date = await dateFor(company, []);
    const code = codeOf(testVault, date.id);
    bot.clock.to(TIMES.inTime);
    expect(keysIn(await bot.as(ana).command(`seminar here ${code}`))).toContain('seminars.here.done');
    expect(keysIn(await bot.as(ben).command(`seminar checkin ${code.slice(0, 3)} ${code.slice(3)}`))).toContain('seminars.here.done');
    expect(await recordedOf(database, company, date.id, ana)).toMatchObject({ attended: true, via: 'code' });
    expect(await recordedOf(database, company, date.id, ben)).toMatchObject({ attended: true, via: 'code' });
  });

  it('says when the check-in opens and that it has closed', async () => {
    const { bot, ana } = company;
    const date = await dateFor(company, []);
    const code = codeOf(testVault, date.id);
    bot.clock.to(TIMES.before);
    expect(keysIn(await bot.as(ana).command(`seminar here ${code}`))).toContain('seminars.errors.here_early');
    bot.clock.to(TIMES.closed);
    expect(keysIn(await bot.as(ana).command(`seminar here ${code}`))).toContain('seminars.errors.here_closed');
    expect(await recordedOf(database, company, date.id, ana)).toBeUndefined();
  });

  it('tells what is no code, whose check-in it is, and what is open', async () => {
    const { bot, ana, ben } = company;
    await dateFor(company, [ana]);
    bot.clock.to(TIMES.inTime);
    expect(keysIn(await bot.as(ana).command('seminar here 12x'))).toContain('seminars.errors.code_form');
    expect(keysIn(await bot.as(ana).command('seminar here', { mention: ben }))).toContain('seminars.errors.here_other');
    const bare = await bot.as(ana).command('seminar here');
    expect(keysIn(bare)).toContain('seminars.here.open');
    expect(keysIn(await bot.as(ana).click('seminars.here', bare))).toContain('seminars.here.done');
    expect(keysIn(await bot.as(ben).command('seminar here'))).toContain('seminars.here.none');
  });

  it('can’t be guessed: after five wrong ones nothing is taken for an hour', async () => {
    const { bot, ana, ben } = company;
    const date = await dateFor(company, []);
    const code = codeOf(testVault, date.id);
    bot.clock.to(TIMES.opens);
    for (let times = 0; times < 5; times++) {
      expect(keysIn(await bot.as(ana).command(`seminar here ${otherThan(code)}`))).toContain('seminars.errors.code_wrong');
    }
    expect(keysIn(await bot.as(ana).command(`seminar here ${otherThan(code)}`))).toContain('seminars.errors.code_too_many');
    expect(keysIn(await bot.as(ana).command(`seminar here ${code}`))).toContain('seminars.errors.code_too_many');
    // The button needs no code, and others may type theirs.
    expect(keysIn(await bot.as(ana).press({ id: 'seminars.here', payload: { dateId: date.id } }))).toContain('seminars.here.done');
    expect(keysIn(await bot.as(ben).command(`seminar here ${code}`))).toContain('seminars.here.done');
    bot.clock.to('2027-03-09T08:45:01Z');
    expect(keysIn(await bot.as(ana).command(`seminar here ${code}`))).toContain('seminars.here.since');
    expect(await database.db.auditEvent.count({ where: { verb: 'seminars.code_wrong', subjectId: ana.id } })).toBe(5);
  });

  it('counts tries that come at once', async () => {
    const { bot, ana } = company;
    const date = await dateFor(company, []);
    bot.clock.to(TIMES.opens);
    const wrong = otherThan(codeOf(testVault, date.id));
    const answers = await Promise.all(Array.from({ length: 9 }, () => bot.as(ana).command(`seminar here ${wrong}`)));
    expect(answers.filter((answer) => keysIn(answer).includes('seminars.errors.code_wrong'))).toHaveLength(5);
  });
});

describe('the host’s card', () => {
  it('shows the code alone where no link leads to the bot', async () => {
    const { bot, host } = company;
    const date = await dateFor(company, []);
    const card = cardOf(await bot.as(host).press({ id: 'seminars.code', payload: { dateId: date.id } }));
    const code = codeOf(testVault, date.id);
    expect(card.title).toEqual({ kind: 'words', words: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(keysIn(card)).toContain('seminars.code.how');
    expect(await scanned(card)).toBeUndefined();
  });

  it('has a QR code that opens the chat of the host’s own platform, and goes after the check-in', async () => {
    const { bot, host } = company;
    Object.assign(bot.work, {
      chatLinks: {
        toBot: ({ platform, externalId }: { platform: string; externalId: string }, typed = '') =>
          `https://${platform}.example/${externalId}?message=${encodeURIComponent(typed)}`,
      },
    });
    const date = await dateFor(company, []);
    await at(company, TIMES.opens);
    const card = cardOf(await bot.as(host).click('seminars.code'));
    const workspace = await database.db.workspace.findFirstOrThrow();
    const words = encodeURIComponent(`seminar here ${codeOf(testVault, date.id)}`);
    expect(await scanned(card)).toBe(`https://slack.example/${workspace.externalId}?message=${words}`);
    expect(keysIn(card)).toEqual(expect.arrayContaining(['seminars.code.alt', 'seminars.code.how_scan']));
    await at(company, '2027-03-09T09:31:00Z');
    expect(await database.db.picture.count()).toBe(0);
  });

  it('is the host’s and managers’ alone, and of no use after the check-in', async () => {
    const { bot, host, boss, ana } = company;
    const date = await dateFor(company, [ana]);
    const ref = { id: 'seminars.code', payload: { dateId: date.id } };
    expect(keysIn(await bot.as(ana).press(ref))).toContain('seminars.errors.not_host');
    expect(keysIn(await bot.as(boss).press(ref))).toContain('seminars.code.lead');
    bot.clock.to(TIMES.closed);
    expect(keysIn(await bot.as(host).press(ref))).toContain('seminars.errors.code_closed');
    await database.db.seminarDate.updateMany({ where: { id: date.id }, data: { state: 'cancelled' } });
    expect(keysIn(await bot.as(host).press(ref))).toContain('seminars.errors.here_cancelled');
  });
});
