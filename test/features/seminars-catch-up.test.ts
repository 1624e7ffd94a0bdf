import { beforeEach, describe, expect, it } from 'vitest';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { at, cardWith, dateFor, held, recordedOf, told, writeRecap } from '../support/seminar-attending.js';
import { type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const RECAP = 'Breathe. Listen. Then answer.';

/** Ana, Ben and Cy have to come to every date. */
const required = () => ({
  requirement: 'every' as const,
  audience: { kind: 'people' as const, personIds: [company.ana.id, company.ben.id, company.cy.id] },
});

const stateOf = async (person: BuiltPerson) =>
  (await database.db.seminarCatchUp.findFirst({ where: { personId: person.id }, orderBy: { createdAt: 'desc' } }))?.state;

describe('whoever missed a required date', () => {
  it('waits for the recap, is sent it once, and confirms having read it', async () => {
    const { bot, ana, ben, cy } = company;
    const date = await dateFor(company, [ana, ben], required());
    await held(company, date, [ana]);
    expect(await recordedOf(database, company, date.id, cy)).toMatchObject({ attended: false });
    expect([await stateOf(ana), await stateOf(ben), await stateOf(cy)]).toEqual([undefined, 'waiting', 'waiting']);
    expect(told(company, ben, 'seminars.catch_up.lead')).toBe(0);
    await writeRecap(company, date.id, RECAP);
    await writeRecap(company, date.id, RECAP);
    await bot.runDue();
    expect([told(company, ben, 'seminars.catch_up.lead'), told(company, cy, 'seminars.catch_up.lead')]).toEqual([1, 1]);
    expect(told(company, ana, 'seminars.catch_up.lead')).toBe(0);
    expect(JSON.stringify(cardWith(company, ben, 'seminars.catch_up.lead'))).toContain(RECAP);
    const home = await bot.as(ben).home();
    expect(keysIn(home)).toContain('seminars.catch_up.home');
    expect(keysIn(await bot.as(ben).click('seminars.recap', home))).toContain('seminars.catch_up.lead');
    const read = await bot.as(ben).click('seminars.read_recap');
    expect(keysIn(read)).toContain('seminars.catch_up.read');
    expect([await stateOf(ben), await stateOf(cy)]).toEqual(['read', 'open']);
    await bot.runDue();
    expect(keysIn(cardWith(company, ben, 'seminars.catch_up.lead'))).toContain('seminars.catch_up.read');
    // Pressed again, it tells since when.
    const again = await bot.as(ben).press({ id: 'seminars.read_recap', payload: { dateId: date.id } });
    expect(keysIn(again)).toContain('seminars.catch_up.read');
    expect(keysIn(await bot.as(ben).home())).not.toContain('seminars.catch_up.home');
  });

  it('gets the recap at once where it is written already, and sees a new one in the same message', async () => {
    const { bot, ana, ben } = company;
    const date = await dateFor(company, [ana, ben], required());
    await writeRecap(company, date.id, RECAP);
    await held(company, date, [ana]);
    expect(await stateOf(ben)).toBe('open');
    expect(told(company, ben, 'seminars.catch_up.lead')).toBe(1);
    bot.clock.forward({ minutes: 1 });
    await writeRecap(company, date.id, 'Smile as well.');
    await bot.runDue();
    expect(told(company, ben, 'seminars.catch_up.lead')).toBe(1);
    expect(JSON.stringify(cardWith(company, ben, 'seminars.catch_up.lead'))).toContain('Smile as well.');
  });

  it('is reminded once half way, and put on the next date after a week, told once', async () => {
    const { bot, ana, ben, cy } = company;
    const date = await dateFor(company, [ana, ben, cy], required());
    await writeRecap(company, date.id, RECAP);
    await held(company, date, [ana]);
    await bot.as(cy).click('seminars.read_recap');
    await at(company, '2027-03-12T21:00:00Z');
    expect(told(company, ben, 'seminars.catch_up.reminder')).toBe(0);
    await at(company, '2027-03-15T08:00:00Z');
    expect([told(company, ben, 'seminars.catch_up.reminder'), told(company, cy, 'seminars.catch_up.reminder')]).toEqual([1, 0]);
    await at(company, '2027-03-16T08:59:00Z');
    expect(await stateOf(ben)).toBe('open');
    await at(company, '2027-03-16T09:01:00Z');
    await at(company, '2027-03-17T09:00:00Z');
    const [, next] = await theDates(bot, date.series.id);
    expect(await database.db.seminarCatchUp.findFirst({ where: { personId: ben.id } })).toMatchObject({
      state: 'put_on',
      nextDateId: next?.id,
    });
    const answers = await database.db.seminarAnswer.findMany({ where: { dateId: next?.id ?? '' } });
    expect(answers.map(({ personId, state, source }) => ({ personId, state, source }))).toEqual([
      { personId: ben.id, state: 'going', source: 'put_on' },
    ]);
    expect(bot.messagesTo(ben).filter((message) => keysIn(message.posted).some((key) => key.startsWith('seminars.put_on')))).toHaveLength(
      1,
    );
    const late = await bot.as(ben).press({ id: 'seminars.read_recap', payload: { dateId: date.id } });
    expect(keysIn(late)).toContain('seminars.catch_up.put_on');
    expect(await stateOf(cy)).toBe('read');
  });

  it('is put on the next date where no recap was written in a week', async () => {
    const { ben } = company;
    const date = await dateFor(company, [ben], { ...required(), audience: { kind: 'people', personIds: [ben.id] } });
    await held(company, date, []);
    await at(company, '2027-03-16T09:01:00Z');
    expect(await stateOf(ben)).toBe('put_on');
    // A recap that comes later is nobody's homework any more.
    await writeRecap(company, date.id, RECAP);
    await company.bot.runDue();
    expect(told(company, ben, 'seminars.catch_up.lead')).toBe(0);
  });

  it('keeps the recap to read where the series has no further date', async () => {
    const { bot, ben } = company;
    const date = await dateFor(company, [ben], {
      ...required(),
      audience: { kind: 'people', personIds: [ben.id] },
      plan: { rhythm: { kind: 'once' } },
    });
    await writeRecap(company, date.id, RECAP);
    await held(company, date, []);
    await at(company, '2027-03-17T09:00:00Z');
    expect(await stateOf(ben)).toBe('open');
    expect(keysIn(await bot.as(ben).click('seminars.read_recap'))).toContain('seminars.catch_up.read');
  });

  it('has nothing to confirm while the host has taken the recap back', async () => {
    const { bot, ben } = company;
    const date = await dateFor(company, [ben], { ...required(), audience: { kind: 'people', personIds: [ben.id] } });
    await writeRecap(company, date.id, RECAP);
    await held(company, date, []);
    await database.db.seminarDate.updateMany({ where: { id: date.id }, data: { recap: '' } });
    expect(keysIn(await bot.as(ben).click('seminars.read_recap'))).toContain('seminars.catch_up.waiting');
    expect(await stateOf(ben)).toBe('open');
  });

  it('is let off when excused or gone', async () => {
    const { ana, ben, cy, bot } = company;
    const date = await dateFor(company, [ana, ben, cy], required());
    await writeRecap(company, date.id, RECAP);
    await held(company, date, [ana]);
    await database.db.person.updateMany({ where: { id: cy.id }, data: { status: 'left' } });
    await at(company, '2027-03-16T09:01:00Z');
    expect(await stateOf(cy)).toBe('closed');
    expect(await stateOf(ben)).toBe('put_on');
    expect(await bot.as(ben).home()).toBeDefined();
  });
});

describe('nothing is made up for', () => {
  it('by those who only said to come to a voluntary date, and by the host', async () => {
    const { bot, ana, host } = company;
    const date = await dateFor(company, [ana]);
    await held(company, date, []);
    expect(await recordedOf(database, company, date.id, ana)).toMatchObject({ attended: false });
    expect(await database.db.seminarCatchUp.count()).toBe(0);
    const none = await bot.as(ana).press({ id: 'seminars.recap', payload: { dateId: date.id } });
    expect(keysIn(none)).toContain('seminars.errors.catch_up_none');
    expect(await recordedOf(database, company, date.id, host)).toMatchObject({ attended: true });
  });

  it('by whoever joined after the date, or was excused before its end', async () => {
    const { bot, host, ben } = company;
    const date = await dateFor(company, [], { requirement: 'every' });
    await at(company, '2027-03-09T07:50:00Z');
    const hands = bot.as(host);
    await hands.submit(await hands.press({ id: 'seminars.correct_open', payload: { dateId: date.id, personId: ben.id } }), {
      standing: 'excused',
    });
    const late = await bot.person({ name: 'Late Joiner', joinedAt: new Date('2027-03-09T08:30:00Z') });
    await at(company, '2027-03-09T09:00:00Z');
    expect([await stateOf(late), await stateOf(ben)]).toEqual([undefined, undefined]);
    expect(await stateOf(company.cy)).toBe('waiting');
  });

  it('by anybody who has read the recap: the next date of a series to come to once is not required any more', async () => {
    const { bot, ben } = company;
    const date = await dateFor(company, [ben], { requirement: 'once', audience: { kind: 'people', personIds: [ben.id] } });
    await writeRecap(company, date.id, RECAP);
    await held(company, date, []);
    const card = cardWith(company, ben, 'seminars.catch_up.lead');
    expect(buttonsOf(card)[0]?.id).toBe('seminars.read_recap');
    expect(cardsOf(await bot.as(ben).click('seminars.read_recap'))).toHaveLength(1);
    await at(company, '2027-04-13T08:30:00Z');
    const [, second] = await theDates(bot, date.series.id);
    expect(await recordedOf(database, company, second?.id ?? '', ben)).toBeUndefined();
  });
});
