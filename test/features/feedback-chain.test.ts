import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { Answer } from '../../src/core/reply.js';
import { text } from '../support/builders.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { type FeatureDoor, openFeatureDoor } from '../support/feature-door.js';
import { cardOf, scheduleAs } from '../support/scheduling.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';
import { openPage, sendPage } from '../support/visitor.js';

// Complaint, theme, agenda item, attendance, clause changed, signed again: each link followed by ids.

const database = useDatabase();
let company: CustomerCompany;
let door: FeatureDoor;

beforeAll(async () => {
  await database.reset();
});
beforeEach(async () => {
  company = await customerCompany(database);
  door = await openFeatureDoor(company.bot);
  await database.db.organisation.updateMany({ data: { announcementsChannelId: company.channel.id } });
});
afterAll(async () => await door?.close(100));

const optionsOf = (form: Answer, name: string) => {
  const field = form.kind === 'form' ? form.form.fields.find((each) => each.name === name) : undefined;
  return field && 'options' in field ? field.options.map(({ value, label }) => ({ value, label: text(label) })) : [];
};
const rowWith = (answer: Answer | Card, words: string) =>
  cardsOf(answer)
    .flatMap((card) => card.rows ?? [])
    .find((row) => JSON.stringify(row).includes(words));

/** A customer fills in the survey page. */
async function customer(stars: string, words: string): Promise<void> {
  const { slug } = await database.db.feedbackPage.findFirstOrThrow();
  const page = await openPage(door, `/f/${slug}`);
  company.bot.clock.forward({ seconds: 20 });
  const sent = await sendPage(door, page, { 'q-overall': stars, 'q-do_better': words });
  expect(sent.status).toBe(303);
  await company.bot.runDue();
}

const FIRST = '# Front desk\n\nGreet every guest.\n\n# Peak hours\n\nOpen a second desk when ten guests wait.';
const SECOND = '# Front desk\n\nGreet every guest.\n\n# Peak hours\n\nOpen a second desk when four guests wait.';

async function draft(source: string): Promise<Answer> {
  const { bot, boss } = company;
  const status = await bot.as(boss).command('handbook status');
  const [current] = await database.db.document.findMany();
  const form = current ? await bot.as(boss).click('handbook.new', status) : await bot.as(boss).command('handbook publish');
  return await bot.as(boss).submit(form, {
    ...{ title: 'House rules', text: source, source: 'own', audience: 'everyone', statement: 'I have read it.' },
    ...{ effective: localDay(), due: localDay(14), document: current?.id ?? 'new' },
  });
}

const localDay = (ahead = 0): string => new Date(company.bot.clock.now().getTime() + ahead * 86_400_000).toISOString().slice(0, 10);

async function sign(): Promise<void> {
  const { bot, ana } = company;
  const page = await bot.as(ana).click('handbook.read');
  await bot.as(ana).submit(await bot.as(ana).click('handbook.sign', page), { name: ana.name, agree: true });
  await bot.runDue();
}

it('leads from what customers say to a clause that is changed and signed again', { timeout: 90_000 }, async () => {
  const { bot, boss, ana, channel } = company;
  const { db } = database;
  await bot.as(boss).click('handbook.publish', await draft(FIRST));
  await bot.runDue();
  await sign();

  // Complaints come in, are sorted, and get their theme.
  await customer('1', 'We waited an hour at the desk.');
  await customer('2', 'The queue never moved.');
  const entries = await db.feedback.findMany({ orderBy: { receivedAt: 'asc' }, include: { themes: true, cases: true } });
  expect(entries.map(({ state, channelId, cases }) => [state, channelId, cases.length])).toEqual([
    ['passed', channel.id, 1],
    ['passed', channel.id, 1],
  ]);
  const { id: themeId } = await db.feedbackTheme.findFirstOrThrow({ where: { key: 'waiting' } });
  expect(entries.map(({ themes }) => themes.map((about) => [about.themeId, about.byId]))).toEqual([[[themeId, null]], [[themeId, null]]]);

  // The next seminar has it on its agenda: suggested, and taken up by a manager.
  bot.clock.forward({ minutes: 5 });
  await bot.as(boss).click(
    'seminars.draft_save',
    await scheduleAs(bot, boss, {
      ...{ title: 'Calm at the counter', audience: 'everyone', first_day: '2027-03-09', start: '10:00', length: '60' },
      ...{ repeats: 'month_weekday', every: '2', holidays: 'ignore', place: 'Room 4' },
    }),
  );
  await bot.runDue();
  const { id: dateId } = await db.seminarDate.findFirstOrThrow({ orderBy: { startsAt: 'asc' } });
  const items = async () => await db.seminarAgendaItem.findMany({ where: { dateId, source: 'feedback', sourceKey: `theme:${themeId}` } });
  const agenda = async () => await bot.as(boss).press({ id: 'seminars.agenda', payload: { dateId, offset: 0 } });
  const item = async () => await bot.as(boss).press(rowWith(await agenda(), 'feedback.theme.waiting')?.action?.ref ?? null);
  await bot.as(boss).click('seminars.item_leave', await item());
  expect(await items()).toMatchObject([{ state: 'declined' }]);
  await bot.as(boss).click('seminars.item_take', await item());
  const [onAgenda, ...twice] = await items();
  expect(twice).toEqual([]);
  expect(onAgenda).toMatchObject({ state: 'accepted', decidedById: boss.id });

  // Somebody attends.
  bot.clock.to('2027-03-09T07:45:00Z');
  await bot.runDue();
  bot.clock.to('2027-03-09T08:02:00Z');
  await bot.as(ana).press({ id: 'seminars.here', payload: { dateId } });
  bot.clock.to('2027-03-09T09:30:00Z');
  await bot.runDue();
  const there = await db.seminarAttendance.findMany({ where: { dateId, attended: true } });
  expect(there.map(({ personId }) => personId)).toContain(ana.id);

  // A clause of the handbook is changed for it, published, and signed again.
  const drafted = await draft(SECOND);
  const reasons = await bot.as(boss).click('handbook.reason', drafted);
  const reason = optionsOf(reasons, 'reason').find(({ value }) => value === `feedback theme:${themeId}`);
  const clause = optionsOf(reasons, 'clauses').find(({ label }) => label.includes('Peak hours'));
  expect(reason?.label).toContain('feedback.theme.waiting');
  expect(optionsOf(reasons, 'clauses')).toHaveLength(1);
  await bot.as(boss).submit(reasons, { reason: reason?.value ?? '', clauses: [clause?.value ?? ''] });
  await bot.as(boss).click('handbook.publish', drafted);
  await bot.runDue();
  await sign();
  const [changed, ...more] = await db.clauseReason.findMany();
  expect(more).toEqual([]);
  expect(changed).toMatchObject({ source: 'feedback', sourceKey: `theme:${themeId}`, clauseId: clause?.value });
  const version = await db.documentVersion.findFirstOrThrow({ where: { id: changed?.versionId ?? '' } });
  expect(version).toMatchObject({ number: 2, state: 'published' });
  const signed = await db.assignment.findMany({ where: { versionId: version.id, state: 'signed' } });
  expect(signed.map(({ personId }) => personId)).toEqual([ana.id]);
  const asked = await db.assignment.count({ where: { versionId: version.id } });

  // From the complaint’s own card all of it can be reached.
  const entry = await bot.as(boss).press({ id: 'feedback.entry', payload: { feedbackId: entries[0]?.id ?? '' } });
  const about = await bot.as(boss).click('feedback.about', entry);
  expect(rowWith(about, 'feedback.themes.is_on')).toBeDefined();
  const list = await bot.as(boss).command('customer themes');
  const theme = await bot.as(boss).press(rowWith(list, 'feedback.theme.waiting')?.action?.ref ?? null);
  const [date, changedClause] = [rowWith(theme, 'feedback.themes.led_date'), rowWith(theme, 'feedback.themes.led_clause')];
  expect(date?.action?.ref).toEqual({ id: 'seminars.date', payload: { dateId } });
  expect(JSON.stringify(date)).toContain('Calm at the counter');
  expect(date?.detail).toMatchObject({ key: 'feedback.themes.led_attended', params: { count: there.length } });
  expect(changedClause?.action?.ref).toEqual({ id: 'handbook.status', payload: { versionId: version.id } });
  expect(JSON.stringify(changedClause)).toContain('Peak hours');
  expect(changedClause?.detail).toMatchObject({ key: 'feedback.themes.led_signed', params: { signed: 1, asked } });
  expect(keysIn(theme)).not.toContain('feedback.themes.led_nowhere');
  for (const row of [date, changedClause]) {
    const opened = await bot.as(boss).press(row?.action?.ref ?? null);
    expect(cardOf(opened).title).toBeDefined();
  }
  // Employees see the same, and open what is theirs to open.
  const seen = await bot.as(ana).press({ id: 'feedback.theme', payload: { themeId } });
  expect(rowWith(seen, 'feedback.themes.led_clause')?.action).toBeUndefined();
  expect(
    cardsOf(seen)
      .flatMap(buttonsOf)
      .map(({ id }) => id),
  ).toContain('seminars.date');
});
