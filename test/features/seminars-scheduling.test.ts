import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { aChannel, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardOf, scheduleAs, scheduleValues } from '../support/scheduling.js';
import { type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { buttonsOf, hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const schedule = async (values: FormValues): Promise<Answer> => await scheduleAs(company.bot, company.boss, values);
const filled = scheduleValues;

const series = async () => await database.db.seminarSeries.findMany();

describe('/seminar schedule', () => {
  it('shows what would be made, and saves nothing before it is told to', async () => {
    const preview = cardOf(await schedule(filled({ host: [hintOf(company.host)] })));
    expect(preview.rows?.map((row) => text(row.text))).toEqual([
      '2027-03-09T08:00:00.000Z',
      '2027-05-11T07:00:00.000Z',
      '2027-07-13T07:00:00.000Z',
      '2027-09-14T07:00:00.000Z',
      '2027-11-09T08:00:00.000Z',
      '2028-01-11T08:00:00.000Z',
    ]);
    // The same clock for both: nothing more to say of a date.
    expect(preview.rows?.every((row) => row.detail === undefined)).toBe(true);
    const facts = Object.fromEntries((preview.facts ?? []).map(({ label, value }) => [text(label), text(value)]));
    expect(facts['seminars.plan.label_year']).toBe('seminars.plan.year(count=6)');
    expect(facts['seminars.plan.label_who']).toContain('invited=6');
    expect(facts['seminars.plan.label_host']).toBe('Hugo Host');
    expect(facts['seminars.plan.label_announced']).toBe('seminars.announcing.at(channel=#announcements, at=2027-03-01T08:00:00.000Z)');
    expect(await series()).toEqual([]);
  });

  it('saves the series with its dates for 400 days, announces it and tells the host once', async () => {
    const { bot, boss, host, channel } = company;
    const preview = await schedule(filled({ host: [hintOf(host)], capacity: '12', link: 'meet.example/room' }));
    const saved = await bot.as(boss).click('seminars.draft_save', preview);
    expect(saved.kind).toBe('update');
    expect(keysIn(cardOf(saved))).toContain('seminars.saved.made');
    expect(buttonsOf(cardOf(saved)).map(({ id }) => id)).toEqual(['seminars.date', 'seminars.series']);

    const [made] = await series();
    expect(made).toMatchObject({
      title: 'Calm at the counter',
      hostId: host.id,
      capacity: 12,
      link: 'https://meet.example/room',
      rule: 'FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU',
    });
    const dates = await theDates(bot, made?.id ?? '');
    expect(dates).toHaveLength(7);
    expect(dates[0]).toMatchObject({ hostId: host.id, capacity: 12, place: 'Room 4', link: 'https://meet.example/room' });
    const row = await database.db.seminarDate.findFirstOrThrow({ where: { id: dates[0]?.id ?? '' } });
    // Nine days ahead is less than fourteen: announced at once. The reminder of seven days is still to come.
    expect(row.postAt).toEqual(bot.clock.now());
    expect([row.nextStage, row.nextStageAt]).toEqual([10_080, new Date('2027-03-02T08:00:00Z')]);
    expect(row.phaseAt).toEqual(new Date('2027-03-09T07:45:00Z'));
    expect(await database.db.auditEvent.count({ where: { verb: 'seminars.series_scheduled', actorId: boss.id } })).toBe(1);

    await bot.runDue();
    await bot.runDue();
    expect(bot.messagesTo(host).filter(({ card }) => keysIn(card).includes('seminars.hosting.lead'))).toHaveLength(1);
    expect(bot.messagesTo(boss)).toEqual([]);
    expect(bot.messagesIn(channel).length).toBeGreaterThan(0);
  });

  it('says nothing to a host who schedules it', async () => {
    const { bot, boss } = company;
    await bot.as(boss).click('seminars.draft_save', await schedule(filled()));
    await bot.runDue();
    expect((await series())[0]?.hostId).toBe(boss.id);
    expect(bot.messagesTo(boss).filter(({ card }) => keysIn(card).includes('seminars.hosting.lead'))).toEqual([]);
  });

  it('shows the dates in the zone of the series and in mine', async () => {
    const preview = cardOf(await schedule(filled({ zone: 'america/new_york', repeats: 'weeks', every: '1' })));
    const [first] = preview.rows ?? [];
    expect(first?.text).toEqual({ kind: 'instant', at: '2027-03-09T15:00:00.000Z', zone: 'America/New_York' });
    expect(first?.detail && text(first.detail)).toContain('seminars.draft.your_time');
    // The clocks of New York go forward on 14 March: an hour earlier for everybody else.
    expect(preview.rows?.[1]?.text).toEqual({ kind: 'instant', at: '2027-03-16T14:00:00.000Z', zone: 'America/New_York' });
  });

  it('is for managers', async () => {
    const { bot, ana } = company;
    expect(keysIn(await bot.as(ana).command('seminar schedule'))).toContain('core.errors.role_needed');
  });

  it('announces in the channel of the series', async () => {
    const { bot, boss } = company;
    const front = await aChannel(database.db, bot.organisation, { name: 'front' });
    const preview = await schedule(filled({ announce: front.externalId }));
    expect(JSON.stringify(cardOf(preview).facts)).toContain('#front');
    await bot.as(boss).click('seminars.draft_save', preview);
    expect((await series())[0]?.channelId).toBe(front.id);
  });

  it('warns where nothing would be announced', async () => {
    const { bot } = company;
    await database.db.organisation.update({ where: { id: bot.organisation.id }, data: { announcementsChannelId: null } });
    expect(keysIn(cardOf(await schedule(filled())))).toContain('seminars.announcing.warn_nowhere');
    await database.db.organisation.update({ where: { id: bot.organisation.id }, data: { announcementsChannelId: company.channel.id } });
    await database.db.channel.update({
      where: { organisationId_id: { organisationId: bot.organisation.id, id: company.channel.id } },
      data: { botIsMember: false },
    });
    expect(keysIn(cardOf(await schedule(filled())))).toContain('seminars.announcing.warn_cannot');
  });
});

describe('a draft', () => {
  it('is changed with everything as it was', async () => {
    const { bot, boss, host } = company;
    const preview = await schedule(
      filled({
        host: [hintOf(host)],
        until: '2027-12-31',
        exceptions: '2027-05-11',
        capacity: '9',
        pre_reading: 'Chapter 3',
        purpose: 'Listen',
      }),
    );
    const form = await bot.as(boss).click('seminars.draft_change', preview);
    if (form.kind !== 'form') throw new Error('no form');
    const initial = Object.fromEntries(form.form.fields.map((field) => [field.name, 'initial' in field ? field.initial : undefined]));
    expect(initial).toMatchObject({
      title: 'Calm at the counter',
      purpose: 'Listen',
      host: [host.externalId],
      first_day: '2027-03-09',
      start: '10:00',
      repeats: 'month_weekday',
      every: '2',
      nth: '2',
      weekday: '2',
      until: '2027-12-31',
      exceptions: '2027-05-11',
      capacity: '9',
      pre_reading: 'Chapter 3',
    });
    const next = await bot.as(boss).submit(form, filled({ start: '14:30' }));
    expect(next.kind).toBe('update');
    expect(text(cardOf(next).rows?.[0]?.text ?? { kind: 'words', words: '' })).toBe('2027-03-09T12:30:00.000Z');

    // The old card shows what is no longer meant.
    expect(keysIn(await bot.as(boss).click('seminars.draft_save', preview))).toContain('seminars.errors.draft_gone');
    expect(keysIn(await bot.as(boss).click('seminars.draft_change', preview))).toContain('seminars.errors.draft_gone');
    await bot.as(boss).click('seminars.draft_save', next);
    expect(await series()).toHaveLength(1);
  });

  it('is saved once, however often one presses', async () => {
    const { bot, boss } = company;
    const preview = await schedule(filled());
    const answers = await Promise.all([1, 2, 3].map(async () => await bot.as(boss).click('seminars.draft_save', preview)));
    expect(answers.filter((answer) => answer.kind === 'update')).toHaveLength(1);
    expect(await series()).toHaveLength(1);
    const again = await bot.as(boss).click('seminars.draft_save', preview);
    expect(keysIn(again)).toContain('seminars.errors.draft_saved');
    expect(buttonsOf(cardOf(again)).map(({ id }) => id)).toEqual(['seminars.series']);
    expect(keysIn(await bot.as(boss).click('seminars.draft_change', preview))).toContain('seminars.errors.draft_saved');
    expect(keysIn(await bot.as(boss).click('seminars.draft_discard', preview))).toContain('seminars.errors.draft_saved');
    expect(await series()).toHaveLength(1);
  });

  it('is discarded', async () => {
    const { bot, boss } = company;
    const preview = await schedule(filled());
    expect(keysIn(await bot.as(boss).click('seminars.draft_discard', preview))).toEqual(
      expect.arrayContaining(['seminars.draft.discarded']),
    );
    expect(keysIn(await bot.as(boss).click('seminars.draft_save', preview))).toContain('seminars.errors.draft_gone');
    expect(await series()).toEqual([]);
  });

  it('is its author’s own', async () => {
    const { bot, owner } = company;
    const preview = await schedule(filled());
    expect(keysIn(await bot.as(owner).click('seminars.draft_save', preview))).toContain('seminars.errors.draft_gone');
  });

  it('that can’t be saved any more says why and leads back to the form', async () => {
    const { bot, boss, host } = company;
    const preview = await schedule(filled({ host: [hintOf(host)] }));
    await database.db.person.updateMany({ where: { id: host.id }, data: { status: 'left' } });
    const left = await bot.as(boss).click('seminars.draft_save', preview);
    expect(keysIn(left)).toContain('seminars.errors.host_left');
    bot.clock.to('2027-03-09T08:30:00Z');
    const late = await bot.as(boss).click('seminars.draft_save', preview);
    expect(keysIn(late)).toContain('seminars.errors.start_past');
    expect(buttonsOf(cardOf(late)).map(({ id }) => id)).toEqual(['seminars.draft_change']);
    expect(await series()).toEqual([]);
  });
});
