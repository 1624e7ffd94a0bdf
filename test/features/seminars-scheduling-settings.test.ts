import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import { ladderText, readLadder, writeLadder } from '../../src/features/seminars/scheduling/ladder.js';
import { aChannel, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardOf } from '../support/scheduling.js';
import { aSeries, type SeminarCompany, seminarCompany } from '../support/seminar-company.js';
import { keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const DEFAULTS: FormValues = { ladder: '7 d, 1 d, 1 h', post_days: '14', attend_points: '0', host_points: '0' };

const save = async (values: FormValues) => {
  const { bot, boss } = company;
  const form = await bot.as(boss).click('seminars.settings_open', await bot.as(boss).command('seminar settings'));
  return await bot.as(boss).submit(form, { ...DEFAULTS, ...values });
};

const times = async (seriesId: string) =>
  await database.db.seminarDate.findMany({
    where: { seriesId },
    orderBy: { startsAt: 'asc' },
    take: 2,
    select: { postAt: true, nextStage: true, nextStageAt: true },
  });

describe('/seminar settings', () => {
  it('shows how seminars are held, in words', async () => {
    const { bot, boss, ana } = company;
    const card = cardOf(await bot.as(boss).command('seminar settings'));
    const facts = Object.fromEntries((card.facts ?? []).map(({ label, value }) => [text(label), text(value)]));
    expect(facts['seminars.settings.channel']).toBe('#announcements');
    expect(facts['seminars.settings.ladder']).toContain(
      'seminars.settings.days(count=7), seminars.settings.days(count=1), seminars.settings.hours(count=1)',
    );
    expect(facts['seminars.settings.attend_points']).toBe('seminars.settings.points_off');
    expect(keysIn(await bot.as(ana).command('seminar settings'))).toContain('core.errors.role_needed');
  });

  it('that are changed go for every date from now on', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id });
    await database.db.seminarDate.updateMany({ where: { seriesId: series.id, ruleDay: new Date('2027-03-09') }, data: { postAt: null } });
    await database.db.delivery.create({
      data: {
        organisationId: bot.organisation.id,
        id: crypto.randomUUID(),
        subjectKey: `seminars.post:${(await database.db.seminarDate.findFirstOrThrow({ where: { seriesId: series.id }, orderBy: { startsAt: 'asc' } })).id}`,
        message: 'seminars.post',
        payload: {},
        priority: 2,
        channelId: company.channel.id,
        state: 'sent',
        dueAt: bot.clock.now(),
        createdAt: bot.clock.now(),
      },
    });
    const saved = await save({ ladder: '3 dienas, 30 min', post_days: '7', attend_points: '5', host_points: '20' });
    expect(keysIn(cardOf(saved))).toContain('seminars.settings.saved');
    expect(await database.db.seminarSettings.findFirst()).toMatchObject({
      ladder: [4320, 30],
      postDays: 7,
      attendPoints: 5,
      hostPoints: 20,
      channelId: null,
    });
    expect(await times(series.id)).toEqual([
      // Announced before: it is not announced again.
      { postAt: null, nextStage: 4320, nextStageAt: new Date('2027-03-06T08:00:00Z') },
      { postAt: new Date('2027-04-06T07:00:00Z'), nextStage: 4320, nextStageAt: new Date('2027-04-10T07:00:00Z') },
    ]);
    expect(await database.db.auditEvent.count({ where: { verb: 'seminars.settings_changed' } })).toBe(1);
  });

  it('leave a reminder that is due this minute to the tick', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id });
    bot.clock.to('2027-03-02T08:00:20Z');
    await save({ ladder: '7 d, 2 d' });
    expect((await times(series.id))[0]).toMatchObject({ nextStage: 10_080, nextStageAt: new Date('2027-03-02T08:00:00Z') });
    await save({ ladder: '2 d' });
    expect((await times(series.id))[0]).toMatchObject({ nextStage: 2880 });
    await save({ ladder: '' });
    expect((await times(series.id))[0]).toMatchObject({ nextStage: null, nextStageAt: null });
  });

  it('announce at once what was waiting for a channel', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id });
    await database.db.seminarDate.updateMany({ data: { postAt: null } });
    const front = await aChannel(database.db, bot.organisation, { name: 'front' });
    await save({ channel: front.externalId });
    expect((await database.db.seminarSettings.findFirst())?.channelId).toBe(front.id);
    expect((await times(series.id))[0]?.postAt).toEqual(bot.clock.now());
    // Kept when the form is sent again as it stands.
    const form = await bot.as(company.boss).press({ id: 'seminars.settings_open', payload: {} });
    if (form.kind !== 'form') throw new Error('no form');
    expect(form.form.fields.find(({ name }) => name === 'channel')).toMatchObject({ initial: front.externalId });
  });

  it('say what is wrong with each', async () => {
    const answer = await save({ ladder: '7 d, soon', post_days: '400', attend_points: '-1', host_points: 'many', channel: 'C404' });
    if (answer.kind !== 'errors') throw new Error('taken');
    expect(Object.fromEntries(Object.entries(answer.errors).map(([field, error]) => [field, keysIn(error)[0]]))).toEqual({
      channel: 'people.errors.channel_unknown',
      ladder: 'seminars.errors.ladder',
      post_days: 'seminars.errors.settings_post_days',
      attend_points: 'seminars.errors.settings_points',
      host_points: 'seminars.errors.settings_points',
    });
    expect(await database.db.seminarSettings.count()).toBe(0);
  });
});

describe('the ladder as it is typed', () => {
  it('is read in both languages, put in order, each step once', () => {
    expect(readLadder('1 h, 7 d; 1 diena, 1d')).toEqual({ ladder: [10_080, 1_440, 60] });
    expect(readLadder('2 weeks, 90 min, 3 st.')).toEqual({ ladder: [20_160, 180, 90] });
    expect(readLadder('')).toEqual({ ladder: [] });
  });

  it('has bounds', () => {
    for (const typed of ['1', 'd', '1 x', '4 min', '61 d', '-1 d', '1.5 h']) expect(readLadder(typed)).toEqual({ wrong: typed });
    expect(readLadder('1 h, 2 h, 3 h, 4 h, 5 h, 6 h, 7 h')).toHaveProperty('wrong');
  });

  it('comes back as it can be typed again', () => {
    for (const typed of ['7 d, 1 d, 1 h', '90 min', '36 h']) {
      const read = readLadder(typed);
      if ('wrong' in read) throw new Error(read.wrong);
      expect(writeLadder(read.ladder)).toBe(typed);
    }
    expect(keysIn(ladderText([]))).toEqual(['seminars.settings.ladder_none']);
  });
});
