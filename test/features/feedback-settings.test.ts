import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import { minutesOfDay, readDuration, writeDuration } from '../../src/features/feedback/settings/durations.js';
import { loadSettings } from '../../src/features/feedback/store-settings.js';
import { newId } from '../../src/people/ids.js';
import { type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { cardsOf, hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
const settings = async () => await loadSettings(database.db, (await contextOf(company.bot)).organisation);
const press = async (verb: string, payload: Record<string, string | number | null> = {}) =>
  await company.bot.as(company.boss).press({ id: `feedback.${verb}`, payload });
const send = async (verb: string, values: FormValues, payload: Record<string, string | null> = {}) =>
  await company.bot.as(company.boss).submit(await press(`${verb}_open`, payload), values);

const DUE: FormValues = { urgent: '2 h', high: '8 h', normal: '2 d', low: '5 d', low_stars: '2', silent_days: '14', talk_days: '7' };

describe('The settings of feedback', () => {
  beforeEach(async () => {
    await database.reset();
    company = await customerCompany(database);
  });

  it('are shown to managers alone, with everything that can be changed', async () => {
    const shown = await company.bot.as(company.boss).command('customer settings');
    const [card] = cardsOf(shown);
    expect(card?.facts).toHaveLength(6);
    expect(keysIn(card)).toEqual(expect.arrayContaining(['feedback.settings.step_due', 'feedback.settings.where']));
    expect(keysIn(card)).not.toContain('feedback.settings.privacy');
    expect(keysIn(await company.bot.as(company.owner).command('customer settings'))).toContain('feedback.settings.privacy');
    expect(keysIn(await company.bot.as(company.ana).command('customer settings'))).not.toContain('feedback.settings.title');
  });

  it('say where feedback goes; without a channel of its own to the managers’', async () => {
    expect((await settings()).ownChannelId).toBe(company.channel.id);
    const saved = await send('where', {});
    expect(keysIn(saved)).toContain('feedback.settings.where_managers');
    expect(await settings()).toMatchObject({ ownChannelId: null, channelId: company.managers.id });
    await send('where', { channel: company.channel.externalId });
    expect((await settings()).channelId).toBe(company.channel.id);
    expect(await send('where', { channel: 'C0NOTHING' })).toMatchObject({ kind: 'errors' });
  });

  it('say when the channel is archived, or the bot was sent out of it; so does the managers’ home', async () => {
    const { bot, boss, ana, channel } = company;
    expect(keysIn(await bot.as(boss).home())).not.toContain('feedback.rules.channel_lost');
    for (const data of [{ archivedAt: bot.clock.now() }, { archivedAt: null, botIsMember: false }]) {
      await database.db.channel.update({ where: { organisationId_id: { organisationId: bot.organisation.id, id: channel.id } }, data });
      expect(keysIn(await bot.as(boss).command('customer settings'))).toContain('feedback.settings.where_lost');
      expect(keysIn(await bot.as(boss).home())).toContain('feedback.rules.channel_lost');
    }
    expect(keysIn(await bot.as(ana).home())).not.toContain('feedback.rules.channel_lost');
  });

  it('take due times as people write them', async () => {
    await send('due_times', { ...DUE, urgent: '90 min', high: '4', normal: '1 diena', low: '3 dienas', low_stars: '3', silent_days: '10' });
    expect(await settings()).toMatchObject({
      dueMinutes: { urgent: 90, high: 240, normal: 480, low: 1_440 },
      lowStars: 3,
      silentDays: 10,
      talkDays: 7,
    });
    const event = await database.db.auditEvent.findFirst({ where: { verb: 'feedback.settings_changed' } });
    expect(event?.actorId).toBe(company.boss.id);
  });

  it.each([
    ['no time', { urgent: 'soon' }, 'urgent', 'feedback.errors.settings_duration'],
    ['nothing', { high: ' ' }, 'high', 'feedback.errors.settings_duration'],
    ['too short', { urgent: '1 min' }, 'urgent', 'feedback.errors.settings_duration_bounds'],
    ['too long', { low: '999 d' }, 'low', 'feedback.errors.settings_duration_bounds'],
    ['the wrong way round', { urgent: '3 d' }, 'high', 'feedback.errors.settings_due_order'],
    ['no days', { silent_days: '0' }, 'silent_days', 'feedback.errors.settings_days'],
    ['half a day', { talk_days: '1.5' }, 'talk_days', 'feedback.errors.settings_days'],
    ['five stars', { low_stars: '5' }, 'low_stars', 'feedback.errors.settings_choose'],
  ])('refuse %s at its field', async (_, wrong, field, message) => {
    const answer = await send('due_times', { ...DUE, ...wrong });
    expect(answer).toMatchObject({ kind: 'errors', errors: { [field]: { key: message } } });
    expect((await settings()).dueMinutes.urgent).toBe(120);
  });

  it('have an escalation list of which each step is later than the one before', async () => {
    await send('ladder', { to_1: 'owner', after_1: '0', to_2: 'nobody', after_2: '0', to_3: 'organisation', after_3: '480' });
    expect((await settings()).ladder).toEqual([
      { after: 0, to: 'owner' },
      { after: 480, to: 'organisation' },
    ]);
    expect(await send('ladder', { to_1: 'owner', after_1: '60', to_2: 'lead', after_2: '60' })).toMatchObject({
      errors: { after_2: { key: 'feedback.errors.settings_ladder_order' } },
    });
    expect(await send('ladder', { to_1: 'nobody' })).toMatchObject({ errors: { to_1: { key: 'feedback.errors.settings_ladder_empty' } } });
    expect((await settings()).ladder).toHaveLength(2);
  });

  it('name a lead and a manager for each location and for everywhere else', async () => {
    const list = await press('leads', { offset: 0 });
    expect(cardsOf(list)[0]?.rows?.map(({ action }) => action?.ref.payload.locationId)).toEqual([null, company.location.id]);
    await send('lead', { lead: [hintOf(company.ana)], manager: [hintOf(company.boss)] }, { locationId: company.location.id });
    await send('lead', { lead: [hintOf(company.ben)] }, { locationId: null });
    const organisationId = company.bot.organisation.id;
    expect(await database.db.feedbackLead.findMany({ where: { organisationId } })).toMatchObject([
      { locationId: company.location.id, leadId: company.ana.id, managerId: company.boss.id },
    ]);
    expect(await settings()).toMatchObject({ leadId: company.ben.id, managerId: null });
    const twice = await send('lead', { lead: [hintOf(company.ana), hintOf(company.ben)] }, { locationId: company.location.id });
    expect(twice).toMatchObject({ errors: { lead: { key: 'feedback.errors.settings_one_person' } } });
    // Emptied again.
    await send('lead', {}, { locationId: company.location.id });
    expect(await database.db.feedbackLead.findFirst()).toMatchObject({ leadId: null, managerId: null });
    expect(keysIn(await press('lead_open', { locationId: company.boss.id }))).toContain('feedback.errors.location_gone');
  });

  it('list many locations page by page', async () => {
    const organisationId = company.bot.organisation.id;
    const createdAt = company.bot.clock.now();
    for (let index = 1; index <= 13; index++) {
      await database.db.location.create({
        data: { organisationId, id: newId(createdAt), name: `Shop ${String(index).padStart(2, '0')}`, createdAt },
      });
    }
    const shown: unknown[] = [];
    for (let offset = 0; offset < 15; offset += 7) {
      const [card] = cardsOf(await press('leads', { offset }));
      shown.push(...(card?.rows?.map(({ action }) => action?.ref.payload.locationId) ?? []));
    }
    expect([shown.length, new Set(shown).size]).toEqual([15, 15]);
  });

  it('forget whoever led somewhere and was erased', async () => {
    const both = { lead: [hintOf(company.ana)], manager: [hintOf(company.ana)] };
    for (const locationId of [company.location.id, null]) await send('lead', both, { locationId });
    const organisationId = company.bot.organisation.id;
    const { caseId } = await said(company.bot, { stars: 1, words: 'Cold.' });
    const written = { organisationId, id: newId(company.bot.clock.now()), caseId: caseId ?? '', onceKey: 'out:1', byId: company.ana.id };
    await database.db.feedbackMessage.create({ data: { ...written, direction: 'out', words: 'Sorry!', at: company.bot.clock.now() } });
    await database.db.person.updateMany({ where: { id: company.ana.id }, data: { status: 'left' } });
    const erased = await company.bot.as(company.owner).press({ id: 'bellhop.erase', payload: { personId: company.ana.id } });
    expect(keysIn(erased)).toContain('bellhop.erase.done');
    expect(await database.db.feedbackLead.findFirst()).toMatchObject({ leadId: null, managerId: null });
    expect(await settings()).toMatchObject({ leadId: null, managerId: null });
    expect(await database.db.feedbackMessage.findFirst()).toMatchObject({ words: '' });
  });

  it('say when the daily digest comes', async () => {
    await send('digest', { daily: true, at: '08:15' });
    expect((await settings()).digestMinutes).toBe(495);
    expect(await send('digest', { daily: true, at: '25:00' })).toMatchObject({ errors: { at: { key: 'feedback.errors.settings_time' } } });
    await send('digest', { daily: false });
    expect((await settings()).digestMinutes).toBeNull();
  });
});

describe('Times as people write them', () => {
  const hours = { start: 540, end: 1020, days: [1, 2, 3, 4, 5] };
  it.each([
    ['90 min', 90],
    ['90m', 90],
    ['1,5 h', 90],
    ['2 stundas', 120],
    ['8', 480],
    ['2 days', 960],
    ['1 d', 480],
    ['2 weeks', undefined],
    ['-1 h', undefined],
    ['', undefined],
    ['1e9 h', undefined],
  ])('%s', (typed, minutes) => {
    expect(readDuration(typed, hours)).toBe(minutes);
  });

  it('are written as they are read', () => {
    for (const minutes of [15, 60, 90, 480, 500, 960]) expect(readDuration(writeDuration(minutes, hours), hours)).toBe(minutes);
    expect(minutesOfDay({ start: 0, end: 0, days: [1] })).toBe(1_440);
  });
});
