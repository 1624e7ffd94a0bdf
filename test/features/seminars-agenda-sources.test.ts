import { beforeEach, expect, it } from 'vitest';
import { key, words } from '../../src/core/text.js';
import { createBellhopFeature } from '../../src/features/bellhop/index.js';
import { datesAbout, seminars } from '../../src/features/seminars/index.js';
import type { AgendaPeriod, AgendaSource, AgendaSuggestion } from '../../src/people/agenda.js';
import { text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { at, TIMES } from '../support/seminar-attending.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

/** A feature that nobody knows yet, as customer feedback will be. */
let stock: AgendaSuggestion[];
let asked: AgendaPeriod[];
let found: (AgendaPeriod | undefined)[];
const unknown: AgendaSource = {
  name: 'feedback',
  suggest: async (_, period) => {
    asked.push(period);
    return stock;
  },
  find: async (_, keys, period) => {
    found.push(period);
    return new Map(stock.filter((suggestion) => keys.includes(suggestion.key)).map((suggestion) => [suggestion.key, suggestion]));
  },
};

const issue = (name: string): AgendaSuggestion => ({
  key: `issue:${name}`,
  text: key('core.ui.open'),
  detail: words(`detail ${name}`),
  quote: false,
});
const quote = (name: string): AgendaSuggestion => ({
  key: `quote:${name}`,
  text: words(`“${name}”`),
  detail: words('A guest'),
  quote: true,
});

let company: SeminarCompany;
let dateIds: string[];
beforeEach(async () => {
  await database.reset();
  stock = [issue('waiting'), quote('Too slow')];
  asked = [];
  found = [];
  const features = [createBellhopFeature({ directories: new Map() }), seminars];
  company = await seminarCompany(database, undefined, { features, setup: { agenda: [unknown] } });
  const series = await aSeries(company.bot, { hostId: company.host.id });
  dateIds = (await theDates(company.bot, series.id)).map((date) => date.id);
});

const post = () => company.bot.messagesIn(company.channel).at(-1)?.card;
const postBody = () => JSON.stringify(post()?.body ?? []);
const refresh = async () => {
  company.bot.clock.forward({ seconds: 4 });
  await company.bot.runDue();
};
const editor = async (dateId = dateIds[0] ?? '') =>
  await company.bot.as(company.host).press({ id: 'seminars.agenda', payload: { dateId, offset: 0 } });
const rows = async (dateId?: string) => (cardsOf(await editor(dateId))[0]?.rows ?? []).map((row) => text(row.text));

it('brings up what another feature has, before the date is announced, and quotes only once a manager ticked them', async () => {
  const { bot, boss, host, ana } = company;
  await bot.runDue();
  const posted = JSON.stringify(bot.messagesIn(company.channel).at(-1)?.posted);
  expect(posted).toContain('detail waiting');
  expect(posted).not.toContain('Too slow');
  expect(asked).toEqual([{ from: new Date('2027-01-30T08:00:00Z'), to: new Date('2027-03-01T08:00:00Z') }]);

  const everybody = await bot.as(ana).press({ id: 'seminars.agenda', payload: { dateId: dateIds[0] ?? '', offset: 0 } });
  expect(JSON.stringify(everybody)).not.toContain('Too slow');
  const card = cardsOf(await editor())[0];
  expect(card?.rows?.map((row) => text(row.text))).toEqual([expect.stringContaining('core.ui.open'), '“Too slow”']);
  const item = await bot.as(host).press(card?.rows?.[1]?.action?.ref ?? null);
  // A host who is no manager leaves it to one, whatever the card that is pressed.
  expect(keysIn(item)).toContain('seminars.topic.quote_manager');
  expect(keysIn(item)).not.toContain('seminars.topic.show');
  const offered = await bot.as(boss).press(card?.rows?.[1]?.action?.ref ?? null);
  expect(keysIn(offered)).toContain('seminars.topic.show');
  const take = cardsOf(offered)
    .flatMap(buttonsOf)
    .find(({ id }) => id === 'seminars.item_take');
  expect(keysIn(await bot.as(host).press(take ?? null))).toContain('seminars.errors.quote_manager');
  expect(postBody()).not.toContain('Too slow');
  await bot.as(boss).click('seminars.item_take', offered);
  await refresh();
  expect(post()?.body?.filter((block) => block.kind === 'quote')).toEqual([
    { kind: 'quote', text: words('“Too slow”'), by: words('A guest') },
  ]);

  // Taken back where it was said: off the channel as well.
  stock = [issue('waiting')];
  await refresh();
  await refresh();
  expect(postBody()).not.toContain('Too slow');
  expect(postBody()).toContain('detail waiting');
});

it('keeps keys alone: what is withdrawn is shown nowhere, what reads differently is shown so', async () => {
  const { bot } = company;
  await bot.runDue();
  const kept = await database.db.seminarAgendaItem.findMany();
  expect(kept.map((item) => item.topic)).toEqual(['', '']);
  stock = [{ ...issue('waiting'), detail: words('said otherwise') }];
  expect(await rows()).toHaveLength(1);
  expect(JSON.stringify(await editor())).toContain('said otherwise');
  stock = [];
  expect(await rows()).toEqual([]);
});

it('leaves an agenda that was looked through as it is: news waits to be taken up', async () => {
  const { bot, host } = company;
  await bot.runDue();
  const first = cardsOf(await editor())[0]?.rows?.[0]?.action?.ref ?? null;
  await bot.as(host).click('seminars.item_leave', await bot.as(host).press(first));
  stock = [...stock, issue('prices'), ...Array.from({ length: 20 }, (_, index) => issue(`more ${index}`))];
  await editor();
  await editor();
  const items = await database.db.seminarAgendaItem.findMany({ orderBy: { position: 'asc' } });
  expect(items.map((item) => item.state)).toEqual(['declined', ...Array.from({ length: 7 }, () => 'proposed')]);
  await refresh();
  expect(postBody()).not.toContain('detail');
});

it('looks back to the date before, and on nothing before that was held', async () => {
  const { bot } = company;
  // In April: the date of March is over, that of May lies behind that of April.
  bot.clock.to('2027-04-01T08:00:00Z');
  await bot.runDue();
  asked = [];
  await editor(dateIds[1]);
  await editor(dateIds[2]);
  const march = { from: new Date('2027-03-09T08:00:00Z'), since: '2027-03-09' };
  expect(asked).toEqual([{ ...march, to: new Date('2027-04-01T08:00:00Z') }]);
  expect(await rows(dateIds[2])).toEqual([]);
  // What stands on it is told for its own time, however late somebody looks.
  found.splice(0);
  bot.clock.to('2027-06-01T08:00:00Z');
  await editor(dateIds[1]);
  expect(found).toEqual([{ ...march, to: new Date('2027-04-13T07:00:00Z') }]);
});

it('of a series that begins looks back to when the same people met before', async () => {
  const { bot, host, ana } = company;
  bot.clock.to('2027-04-01T08:00:00Z');
  await bot.runDue();
  asked = [];
  const plan = { firstDay: '2027-04-20' };
  const [same, others] = [
    await aSeries(bot, { hostId: host.id, plan }),
    await aSeries(bot, { hostId: host.id, plan, audience: { kind: 'people', personIds: [ana.id] } }),
  ];
  for (const { id } of [same, others]) await editor((await theDates(bot, id))[0]?.id);
  const to = bot.clock.now();
  expect(asked).toEqual([
    { from: new Date('2027-03-09T08:00:00Z'), since: '2027-03-09', to },
    { from: new Date(to.getTime() - 30 * 86_400_000), to },
  ]);
});

it('takes up what came after the announcement when it reminds, unless somebody has looked through it', async () => {
  const { bot, host } = company;
  await bot.runDue();
  stock = [...stock, issue('prices'), quote('Too dear')];
  // A day before.
  bot.clock.to('2027-03-08T08:00:00Z');
  await bot.runDue();
  await refresh();
  expect(postBody()).toContain('detail prices');
  expect(postBody()).not.toContain('Too dear');
  const first = cardsOf(await editor())[0]?.rows?.[0]?.action?.ref ?? null;
  await bot.as(host).click('seminars.item_leave', await bot.as(host).press(first));
  stock = [...stock, issue('cleanliness')];
  // An hour before.
  bot.clock.to('2027-03-09T07:00:00Z');
  await bot.runDue();
  await refresh();
  expect(postBody()).not.toContain('cleanliness');
  expect(await rows()).toHaveLength(5);
});

it('takes everything in once, however many look at the same moment', async () => {
  await Promise.all(Array.from({ length: 5 }, async () => await editor()));
  expect(await database.db.seminarAgendaItem.count()).toBe(2);
});

it('tells the other feature on which dates it stood, and how many were there', async () => {
  const { bot, host, ana, ben } = company;
  const about = async (source: string, of: string, paging = { offset: 0, limit: 7 }) =>
    await datesAbout(database.db, bot.organisation.id, source, of, paging);
  await at(company, TIMES.opens);
  bot.clock.to(TIMES.inTime);
  for (const person of [ana, ben]) await bot.as(person).press({ id: 'seminars.here', payload: { dateId: dateIds[0] ?? '' } });
  await at(company, TIMES.over);
  await editor(dateIds[1]);
  const [march, april] = await Promise.all(
    dateIds.slice(0, 2).map(async (id) => await database.db.seminarDate.findFirstOrThrow({ where: { id } })),
  );
  // Ana, Ben and the host.
  const row = (date: typeof march, attended: number) => ({ dateId: date?.id, startsAt: date?.startsAt, attended, state: 'planned' });
  const { rows: both, total } = await about('feedback', 'issue:waiting');
  expect(both).toMatchObject([row(april, 0), row(march, 3)]);
  expect(both[0]).toMatchObject({ title: expect.stringMatching(/./), zone: 'Europe/Riga' });
  expect(total).toBe(2);
  expect(await about('feedback', 'issue:waiting', { offset: 1, limit: 1 })).toMatchObject({ rows: [row(march, 3)], total: 2 });
  // A quote that nobody ticked, another feature's key, another organisation.
  expect(await about('feedback', 'quote:Too slow')).toEqual({ rows: [], total: 0 });
  expect(await about('recognition', 'issue:waiting')).toEqual({ rows: [], total: 0 });
  expect((await datesAbout(database.db, host.id, 'feedback', 'issue:waiting', { offset: 0, limit: 7 })).total).toBe(0);
  // Taken off the agenda of April again.
  const first = cardsOf(await editor(dateIds[1]))[0]?.rows?.[0]?.action?.ref ?? null;
  await bot.as(host).click('seminars.item_leave', await bot.as(host).press(first));
  expect(await about('feedback', 'issue:waiting')).toMatchObject({ rows: [row(march, 3)], total: 1 });
});
