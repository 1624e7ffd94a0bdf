import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { balanceIn } from '../support/kudos-company.js';
import { at, cardWith, dateFor, held, recordedOf, TIMES, told } from '../support/seminar-attending.js';
import { type SeminarCompany, seminarCompany } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const people = (dateId: string, offset = 0) => ({ id: 'seminars.people', payload: { dateId, offset } });

/** Corrects somebody's attendance as the host would, or as `by` does. */
async function correct(dateId: string, person: BuiltPerson, standing: string, by: BuiltPerson = company.host): Promise<Answer> {
  const hands = company.bot.as(by);
  return await hands.submit(await hands.press({ id: 'seminars.correct_open', payload: { dateId, personId: person.id } }), { standing });
}

async function add(dateId: string, values: FormValues): Promise<Answer> {
  const hands = company.bot.as(company.host);
  return await hands.submit(await hands.press({ id: 'seminars.correct_open', payload: { dateId } }), values);
}

const everyoneOf = (...members: readonly BuiltPerson[]) => ({
  requirement: 'every' as const,
  audience: { kind: 'people' as const, personIds: members.map(({ id }) => id) },
});

describe('people of a date', () => {
  it('are seen by the host and by managers only, page by page', async () => {
    const { bot, host, boss, ana, ben } = company;
    const others = await Promise.all(Array.from({ length: 7 }, (_, index) => bot.person({ name: `Guest ${index}` })));
    const date = await dateFor(company, [ana, ...others]);
    await bot.as(ben).press({ id: 'seminars.maybe', payload: { dateId: date.id } });
    expect(keysIn(await bot.as(ana).press(people(date.id)))).toContain('seminars.errors.not_host');
    const [first] = cardsOf(await bot.as(host).press(people(date.id)));
    expect(first?.rows).toHaveLength(7);
    expect(keysIn(first)).toContain('seminars.people.lead_ahead');
    // Before the check-in opens there is nothing to correct.
    expect(first && buttonsOf(first).map(({ id }) => id)).toEqual(['seminars.people', 'seminars.date']);
    const next = await bot.as(boss).click('seminars.people', first);
    expect(next.kind).toBe('update');
    expect(cardsOf(next)[0]?.rows).toHaveLength(2);
    expect(JSON.stringify(cardsOf(next)[0]?.rows?.at(-1))).toContain('Ben Liepa');
  });

  it('are corrected by the host, who stands in the audit trail', async () => {
    const { bot, host, ana, ben } = company;
    const date = await dateFor(company, [ana, ben]);
    expect(keysIn(await correctOpen(host, date.id, ana))).toContain('seminars.errors.correct_early');
    await at(company, TIMES.opens);
    expect(keysIn(await correctOpen(ana, date.id, ana))).toContain('seminars.errors.not_host');
    bot.clock.to(TIMES.inTime);
    await bot.as(ana).press({ id: 'seminars.here', payload: { dateId: date.id } });
    const done = await correct(date.id, ana, 'late_left_early');
    expect(keysIn(done)).toEqual(expect.arrayContaining(['seminars.correct.done', 'seminars.people.standing', 'seminars.people.by']));
    expect(JSON.stringify(cardsOf(done)[0]?.rows)).toContain('Hugo Host');
    expect(await recordedOf(database, company, date.id, ana)).toMatchObject({
      attended: true,
      late: true,
      leftEarly: true,
      via: 'host',
      recordedById: host.id,
      at: new Date(TIMES.inTime),
    });
    const event = await database.db.auditEvent.findFirstOrThrow({ where: { verb: 'seminars.attendance_corrected' } });
    expect(event).toMatchObject({
      actorId: host.id,
      subjectId: ana.id,
      data: { dateId: date.id, before: 'present', after: 'late_left_early' },
    });
    // What the host recorded stands, though who was excused may come after all.
    await correct(date.id, ben, 'missed');
    const here = { id: 'seminars.here', payload: { dateId: date.id } };
    expect(keysIn(await bot.as(ben).press(here))).toContain('seminars.errors.here_missed');
    await correct(date.id, ben, 'excused');
    expect(keysIn(await bot.as(ben).press(here))).toContain('seminars.here.done');
  });

  it('are added by name when they had no chat at hand', async () => {
    const { ana, cy } = company;
    const date = await dateFor(company, [ana]);
    await at(company, TIMES.inTime);
    const unknown = await add(date.id, { person: [{ by: 'typed', typed: 'Nobody Known' }], standing: 'present' });
    expect(unknown.kind).toBe('errors');
    expect(keysIn(unknown.kind === 'errors' && unknown.errors)).toEqual(['people.errors.person_unknown']);
    const none = await add(date.id, { person: [], standing: 'present' });
    expect(keysIn(none.kind === 'errors' && none.errors)).toEqual(['seminars.errors.correct_whom']);
    const two = await add(date.id, { person: [hintOf(ana), hintOf(cy)], standing: 'present' });
    expect(keysIn(two.kind === 'errors' && two.errors)).toEqual(['seminars.errors.correct_whom']);
    const wrong = await add(date.id, { person: [hintOf(cy)], standing: 'asleep' });
    expect(keysIn(wrong.kind === 'errors' && wrong.errors)).toEqual(['seminars.errors.correct_standing']);
    expect(keysIn(await add(date.id, { person: [hintOf(cy)], standing: 'present' }))).toContain('seminars.people.walk_in');
    expect(await recordedOf(database, company, date.id, cy)).toMatchObject({ attended: true, via: 'host' });
  });
});

describe('a correction after the date was settled', () => {
  it('ends what was to be made up for, gives the points and asks for an opinion', async () => {
    const { bot, ana, ben } = company;
    const date = await dateFor(company, [ana, ben], everyoneOf(ana, ben));
    await database.db.seminarSettings.create({ data: { organisationId: bot.organisation.id, attendPoints: 5 } });
    await held(company, date, [ana]);
    const state = async () => (await database.db.seminarCatchUp.findFirst({ where: { personId: ben.id } }))?.state;
    expect([await state(), await balanceIn(database, bot, ben)]).toEqual(['waiting', 0]);
    await correct(date.id, ben, 'late');
    await bot.runDue();
    expect([await state(), await balanceIn(database, bot, ben)]).toEqual(['closed', 5]);
    expect(told(company, ben, 'seminars.opinion.lead')).toBe(1);
    // The same once more gives nothing more.
    await correct(date.id, ben, 'present');
    expect(await balanceIn(database, bot, ben)).toBe(5);
  });

  it('takes the points back from whoever was not there, and begins the making up', async () => {
    const { bot, ana, ben } = company;
    const date = await dateFor(company, [ana, ben], everyoneOf(ana, ben));
    await database.db.seminarSettings.create({ data: { organisationId: bot.organisation.id, attendPoints: 5 } });
    await held(company, date, [ana, ben]);
    expect(await balanceIn(database, bot, ben)).toBe(5);
    await database.db.seminarDate.updateMany({ where: { id: date.id }, data: { recap: 'Stay calm.' } });
    await correct(date.id, ben, 'missed');
    await bot.runDue();
    expect(await balanceIn(database, bot, ben)).toBe(0);
    expect(await database.db.seminarCatchUp.findFirst({ where: { personId: ben.id } })).toMatchObject({ state: 'open' });
    expect(keysIn(cardWith(company, ben, 'seminars.catch_up.lead'))).toContain('seminars.catch_up.recap');
    await correct(date.id, ben, 'excused');
    await bot.runDue();
    expect(await database.db.seminarCatchUp.findFirst({ where: { personId: ben.id } })).toMatchObject({ state: 'closed' });
    expect(keysIn(cardWith(company, ben, 'seminars.catch_up.lead'))).toContain('seminars.catch_up.closed');
    expect(await balanceIn(database, bot, ana)).toBe(5);
  });

  it('settles the host’s points too: nobody there, nothing hosted', async () => {
    const { bot, ana, host, boss } = company;
    const date = await dateFor(company, [ana]);
    await database.db.seminarSettings.create({ data: { organisationId: bot.organisation.id, hostPoints: 20 } });
    await held(company, date, []);
    expect(await balanceIn(database, bot, host)).toBe(0);
    for (const [person, standing, points] of [
      [ana, 'present', 20],
      [host, 'missed', 0],
      [host, 'present', 20],
      [ana, 'missed', 0],
    ] as const) {
      await correct(date.id, person, standing, boss);
      expect(await balanceIn(database, bot, host)).toBe(points);
    }
  });

  it('has nobody make up for a date that was voluntary', async () => {
    const { ana } = company;
    const date = await dateFor(company, [ana]);
    await held(company, date, []);
    await correct(date.id, ana, 'excused');
    await correct(date.id, ana, 'missed');
    expect(await database.db.seminarCatchUp.count()).toBe(0);
  });
});

async function correctOpen(by: BuiltPerson, dateId: string, person: BuiltPerson): Promise<Answer> {
  return await company.bot.as(by).press({ id: 'seminars.correct_open', payload: { dateId, personId: person.id } });
}
