import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import { type KeyText, key, plain } from '../../src/core/text.js';
import { takeBack } from '../../src/features/recognition/giving/close.js';
import { type Gift, give } from '../../src/features/recognition/giving/give.js';
import { join } from '../../src/features/recognition/giving/join.js';
import { recapCard } from '../../src/features/recognition/seeing/recap-card.js';
import { altOf, chartOf, localised, type Recap } from '../../src/features/recognition/seeing/recap-chart.js';
import { dueRecap } from '../../src/features/recognition/seeing/recap-rules.js';
import { listValues } from '../../src/features/recognition/store-settings.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { aChannel, type BuiltPerson, type OrganisationOverrides, type StandInCharts, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();

let bot: TestBot;
let channel: Awaited<ReturnType<typeof aChannel>>;
let [ana, ben, cy, dee]: BuiltPerson[] = [];
let values: Awaited<ReturnType<typeof listValues>>;

beforeEach(async () => await begin());

/** Wednesday 10 February 2027, in Riga. The first working day after it is Monday 1 March. */
async function begin(organisation: OrganisationOverrides = {}): Promise<void> {
  await database.reset();
  bot = await testBot({ now: '2027-02-10T10:00:00Z', database, organisation: { zone: 'Europe/Riga', locale: 'en', ...organisation } });
  channel = await aChannel(database.db, bot.organisation, { name: 'kudos' });
  await database.db.recognitionSettings.create({ data: { organisationId: bot.organisation.id, channelId: channel.id, pairCap: 1_000 } });
  const teams = await Promise.all(['Kitchen', 'Front desk'].map(async (name, index) => await aTeam(name, index)));
  [ana, ben, cy, dee] = await Promise.all(
    ['Ana Ozola', 'Ben Kalns', 'Cy Liepa', 'Dee Egle'].map(
      async (name, index) => await bot.person({ name, teamId: teams[index % 2] ?? '' }),
    ),
  );
  values = await listValues(database.db, bot.organisation.id);
}

async function aTeam(name: string, index: number): Promise<string> {
  const id = `00000000-0000-7000-8000-00000000000${index}`;
  await database.db.team.create({ data: { organisationId: bot.organisation.id, id, name, createdAt: bot.clock.now() } });
  return id;
}

const must = (person: BuiltPerson | undefined): BuiltPerson => {
  if (!person) throw new Error('Nobody.');
  return person;
};

const context = () => ({ ...bot.work, organisation: bot.organisation });

async function thank(
  giver: BuiltPerson | undefined,
  receivers: readonly (BuiltPerson | undefined)[],
  gift: Partial<Gift> = {},
): Promise<string> {
  return await give(context(), {
    giverId: must(giver).id,
    receiverIds: receivers.map((receiver) => must(receiver).id),
    valueId: null,
    words: 'for calming a guest whose room was flooded',
    points: 10,
    public: true,
    source: 'peer',
    ...gift,
  });
}

const value = (code: string) => values.find((one) => one.code === code)?.id ?? '';

const recaps = (): Card[] =>
  bot
    .messagesIn(channel)
    .map((message) => message.card)
    .filter((card) => keysIn(card.title).some((name) => name.startsWith('recognition.recap.')));

async function at(instant: string): Promise<Card | undefined> {
  bot.clock.to(instant);
  await bot.runDue();
  return recaps().at(-1);
}

const OPENING = '2027-03-01T07:00:00Z';
const kinds = (card: Card | undefined) => card?.body?.map((block) => block.kind);
const factOf = (card: Card | undefined, label: string) => {
  const fact = card?.facts?.find((one) => keysIn(one.label)[0] === `recognition.recap.${label}`);
  return fact && text(fact.value);
};
const picture = (card: Card | undefined) => card?.body?.find((block) => block.kind === 'picture');

describe('the recap of a month', () => {
  it('is in the channel as the first working day begins, once', async () => {
    await thank(ana, [ben]);
    expect(await at('2027-03-01T06:59:00Z')).toBeUndefined();
    expect(await at(OPENING)).toMatchObject({ title: { key: 'recognition.recap.title' } });
    for (const later of ['2027-03-01T07:01:00Z', '2027-03-02T07:00:00Z', '2027-03-31T10:00:00Z']) await at(later);
    expect(recaps()).toHaveLength(1);
    expect((bot.work.charts as StandInCharts).drawn).toHaveLength(1);
    await thank(cy, [ana]);
    await at('2027-04-01T06:00:00Z');
    expect(recaps()).toHaveLength(2);
  });

  it('tells how many, of whom, who was thanked most, which teams, and the stories that most joined', async () => {
    const first = await thank(ana, [ben, cy], {
      valueId: value('teamwork'),
      points: 20,
      words: 'for the banquet that nobody thought possible',
    });
    await thank(ben, [cy], { valueId: value('teamwork'), points: 5 });
    // Words that are used again tell no story of their own.
    await thank(ana, [dee], { words: 'For calming a guest, whose room was flooded!', points: 0 });
    await thank(cy, [ana], { valueId: value('speed'), points: 7, source: 'reaction', words: '' });
    await join(context(), first, must(dee).id);
    const card = await at(OPENING);
    expect(card?.lead).toMatchObject({
      key: 'recognition.recap.lead',
      params: { kudos: 4, givers: 3, receivers: 4, change: { value: 'none' } },
    });
    expect(factOf(card, 'leaders')).toBe(
      ['Cy Liepa, points=30', 'Ben Kalns, points=25', 'Ana Ozola, points=7']
        .map((one) => `recognition.recap.leader(name=${one})`)
        .join(', '),
    );
    expect(factOf(card, 'teams')).toBe(
      ['Kitchen, points=37', 'Front desk, points=25'].map((one) => `recognition.recap.leader(name=${one})`).join(', '),
    );
    expect(kinds(card)).toEqual(['picture', 'heading', 'quote', 'quote']);
    expect(card?.body?.[2]).toMatchObject({
      text: { words: 'for the banquet that nobody thought possible' },
      by: { key: 'recognition.recap.story', params: { giver: { name: 'Ana Ozola' }, joined: 1 } },
    });
    expect(card && buttonsOf(card).map((button) => button.id)).toEqual(['recognition.give_open', 'recognition.top']);
  });

  it('compares with the month before', async () => {
    const months = [
      ['2027-02-10T10:00:00Z', 2, '2027-03-01T07:00:00Z', 'none'],
      ['2027-03-10T10:00:00Z', 3, '2027-04-01T06:00:00Z', 'more'],
      ['2027-04-10T10:00:00Z', 3, '2027-05-03T06:00:00Z', 'same'],
      ['2027-05-10T10:00:00Z', 1, '2027-06-01T06:00:00Z', 'fewer'],
    ] as const;
    for (const [then, count, day, change] of months) {
      bot.clock.to(then);
      for (let given = 0; given < count; given++) await thank(ana, [ben]);
      expect((await at(day))?.lead).toMatchObject({ params: { kudos: count, change: { value: change } } });
    }
    expect(recaps().map((card) => (card.lead as KeyText).params?.difference)).toEqual([2, 1, 0, 2]);
  });

  it('shows the same figures in the picture and in its text, in the organisation’s language', async () => {
    await begin({ locale: 'lv' });
    for (let given = 0; given < 4; given++) await thank(ana, [ben], { valueId: value('teamwork') });
    await thank(ben, [cy], { valueId: value('speed') });
    await thank(ben, [cy]);
    const card = await at(OPENING);
    const [drawn] = (bot.work.charts as StandInCharts).drawn;
    expect(drawn?.locale).toBe('lv');
    expect(drawn?.title).toBe('recognition.recap.finding_one(value=recognition.values.teamwork, kudos=4, total=6)');
    expect(drawn?.groups.map((group) => group.bars.map((bar) => [bar.label, bar.value]))).toEqual([
      [
        ['recognition.values.teamwork', 4],
        ['recognition.values.speed', 1],
        ...['courtesy', 'helpfulness', 'ownership'].map((code) => [`recognition.values.${code}`, 0]),
        ['recognition.recap.without_value', 1],
      ],
      [
        ['Ben Kalns', 40],
        ['Cy Liepa', 20],
      ],
    ]);
    const shown = picture(card);
    const alt = shown?.kind === 'picture' ? text(shown.alt) : '';
    for (const group of drawn?.groups ?? []) for (const bar of group.bars) expect(alt).toContain(`${bar.label} ${bar.value} (${bar.note})`);
    expect(alt).toContain(drawn?.title);
    expect(await database.db.picture.findMany()).toMatchObject([{ mime: 'image/png', expiresAt: null }]);
  });

  it('counts what everybody may know: nothing private, nothing taken back, no other month', async () => {
    const back = await thank(ana, [ben], { valueId: value('speed') });
    await thank(ana, [cy], { public: false, points: 50 });
    await thank(ben, [cy], { valueId: value('courtesy') });
    await takeBack(context(), back, { personId: must(ana).id }, 'taken_back', 'giver');
    // 23:30 and 00:30 in Riga.
    bot.clock.to('2027-02-28T21:30:00Z');
    await thank(cy, [ana], { valueId: value('courtesy') });
    bot.clock.to('2027-02-28T22:30:00Z');
    await thank(cy, [dee], { valueId: value('speed') });
    const card = await at(OPENING);
    expect(card?.lead).toMatchObject({ params: { kudos: 2, givers: 2, receivers: 2 } });
    const bars = (bot.work.charts as StandInCharts).drawn[0]?.groups[0]?.bars ?? [];
    expect(bars.filter((bar) => bar.value > 0)).toMatchObject([{ label: 'recognition.values.courtesy', value: 2 }]);
    expect(text(card?.facts?.[0]?.value ?? key(''))).not.toContain('Dee');
  });

  it('leaves out of the leaders who left the leaderboards, and of the stories what is reported', async () => {
    const reported = await thank(ana, [ben, cy], { words: 'for something that somebody finds unfair' });
    await thank(dee, [cy], { words: 'for staying until the last guest had gone' });
    await database.db.recognitionChoice.create({
      data: { organisationId: bot.organisation.id, personId: must(ben).id, offLeaderboards: true },
    });
    const report = { organisationId: bot.organisation.id, id: reported, kudosId: reported, reporterId: must(dee).id };
    await database.db.kudosReport.create({ data: { ...report, words: 'They share a flat.', createdAt: bot.clock.now() } });
    const card = await at(OPENING);
    expect(factOf(card, 'leaders')).toBe('recognition.recap.leader(name=Cy Liepa, points=20)');
    expect(JSON.stringify((bot.work.charts as StandInCharts).drawn)).not.toContain('Ben');
    expect(JSON.stringify(card?.body)).not.toContain('unfair');
    expect(JSON.stringify(card?.body)).toContain('until the last guest');
  });
});

describe('when it is due', () => {
  const hours = { start: 540, end: 1020, days: [1, 2, 3, 4, 5] };
  const riga = { zone: 'Europe/Riga', hours };
  const due = (now: string, place = riga) => dueRecap(new Date(now), place)?.month;

  it.each([
    ['1 May is a Saturday: not then', '2027-05-01T09:00:00Z', undefined],
    ['but on Monday, as the day begins', '2027-05-03T06:00:00Z', '2027-04'],
    ['not before', '2027-05-03T05:59:59Z', undefined],
    ['after a long stop within working hours only', '2027-05-04T18:00:00Z', undefined],
    ['the next morning', '2027-05-05T06:30:00Z', '2027-04'],
    ['some days late at most', '2027-05-08T06:00:00Z', undefined],
    ['in January it tells of December', '2027-01-01T07:00:00Z', '2026-12'],
  ])('%s', (_, now, month) => expect(due(now)).toBe(month));

  it('goes by the organisation’s own zone and working week', () => {
    expect(due('2027-04-30T21:00:00Z', { zone: 'Pacific/Auckland', hours: { ...hours, days: [6, 7] } })).toBe('2027-04');
    expect(due('2027-05-01T09:00:00Z', { zone: 'America/New_York', hours: { ...hours, days: [6, 7] } })).toBeUndefined();
    expect(due('2027-05-01T13:00:00Z', { zone: 'America/New_York', hours: { ...hours, days: [6, 7] } })).toBe('2027-04');
  });

  it('is never sent late: neither after days of silence nor from a queue that stood still', async () => {
    await thank(ana, [ben]);
    expect(await at('2027-03-08T09:00:00Z')).toBeUndefined();
    await at('2027-03-31T09:00:00Z');
    expect(recaps()).toEqual([]);
    await thank(ana, [ben]);
    bot.clock.to('2027-04-01T06:00:00Z');
    await bot.runDue();
    expect(await database.db.delivery.findFirstOrThrow({ where: { message: 'recognition.recap' } })).toMatchObject({
      expiresAt: new Date('2027-04-06T06:00:00Z'),
    });
  });

  it('waits for a channel, and is not sent where there is none', async () => {
    await thank(ana, [ben]);
    await database.db.recognitionSettings.updateMany({ data: { channelId: null } });
    expect(await at(OPENING)).toBeUndefined();
    await database.db.recognitionSettings.updateMany({ data: { channelId: channel.id } });
    expect(await at('2027-03-01T09:00:00Z')).toBeDefined();
  });
});

describe('a month without kudos', () => {
  it('ends in a kind word, where kudos were given before', async () => {
    await thank(ana, [ben]);
    await at(OPENING);
    const card = await at('2027-04-01T06:00:00Z');
    expect(keysIn(card?.title)).toEqual(['recognition.recap.invite_title']);
    expect(card && buttonsOf(card).map((button) => button.id)).toEqual(['recognition.give_open']);
    expect((bot.work.charts as StandInCharts).drawn).toHaveLength(1);
  });

  it('is passed over where nobody knew of kudos before it ended', async () => {
    expect(await at(OPENING)).toBeUndefined();
    await thank(ana, [ben]);
    expect(await at('2027-03-02T09:00:00Z')).toBeUndefined();
  });
});

describe('the picture', () => {
  const failing = () => {
    let tries = 0;
    (bot.work.charts as { bars: unknown }).bars = async () => {
      tries += 1;
      throw new Error('The chart was not drawn.');
    };
    return () => tries;
  };

  it('is tried again for an hour; then the card says what it would have shown', async () => {
    await thank(ana, [ben], { valueId: value('ownership') });
    const tries = failing();
    expect(await at(OPENING)).toBeUndefined();
    expect(await at('2027-03-01T07:59:00Z')).toBeUndefined();
    const card = await at('2027-03-01T08:00:00Z');
    expect(tries()).toBe(3);
    expect(picture(card)).toBeUndefined();
    expect(factOf(card, 'by_value')).toBe('recognition.values.ownership 1');
  });

  it('goes when somebody whose name it shows is erased, and the card’s story with it', async () => {
    const boss = await bot.person({ name: 'Boss', role: 'owner' });
    await thank(ana, [ben], { valueId: value('ownership') });
    await thank(cy, [dee]);
    expect(picture(await at(OPENING))).toBeDefined();
    await database.db.person.update({
      where: { organisationId_id: { organisationId: bot.organisation.id, id: must(ben).id } },
      data: { status: 'left', leftAt: bot.clock.now() },
    });
    await bot.as(boss).press({ id: 'bellhop.erase', payload: { personId: must(ben).id } });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    const [card] = recaps();
    expect(picture(card)).toBeUndefined();
    expect(await database.db.picture.count()).toBe(0);
    expect(JSON.stringify(card)).not.toMatch(/Ben|—/);
    expect(factOf(card, 'by_value')).toBe('recognition.values.ownership 1, recognition.recap.without_value 1');
  });
});

describe('its words', () => {
  const localise = createLocaliser();
  const recap = (kudos: number, rest: Partial<Recap> = {}): Recap => ({
    month: '2027-02',
    kudos,
    givers: kudos,
    receivers: kudos,
    before: 0,
    values: [{ value: { id: 'a', code: 'teamwork', name: null, emoji: '🧩' }, kudos }],
    leaders: [{ id: 'p', name: 'Ana Ozola', points: kudos, kudos }],
    ...rest,
  });
  const lv = { locale: 'lv', zone: 'Europe/Riga' };
  const say = (card: Card) => plain(localise(card.lead ?? key(''), lv));

  it.each([
    [1, '1 pateicība no 1 cilvēka 1 kolēģim.', '1 pateicība', 'Ana Ozola (1 punkts)'],
    [5, '5 pateicības no 5 cilvēkiem 5 kolēģiem.', '5 pateicības', 'Ana Ozola (5 punkti)'],
    [10, '10 pateicību no 10 cilvēkiem 10 kolēģiem.', '10 pateicību', 'Ana Ozola (10 punktu)'],
    [21, '21 pateicība no 21 cilvēka 21 kolēģim.', '21 pateicība', 'Ana Ozola (21 punkts)'],
  ])('in Latvian for %i', (kudos, lead, note, leader) => {
    const card = recapCard(recap(kudos), { teams: [], stories: [], faces: () => ({ name: '' }), pictureId: undefined });
    expect(say(card)).toBe(lead);
    expect(localised(chartOf(recap(kudos)), localise, lv).groups[1]?.bars[0]?.note).toBe(note);
    expect(plain(localise(card.facts?.[1]?.value ?? key(''), lv))).toBe(leader);
  });

  const title = (values: readonly number[], unnamed = 0) => {
    const named = values.map((kudos, index) => ({ value: { id: `${index}`, code: null, name: `V${index}`, emoji: '🎯' }, kudos }));
    const all = values.reduce((sum, kudos) => sum + kudos, unnamed);
    return text(chartOf(recap(all, { values: [...named, { value: null, kudos: unnamed }] })).title);
  };

  it('claim no more than the figures bear', () => {
    expect(title([4, 6], 3)).toBe('recognition.recap.finding_one(value=V1, kudos=6, total=13)');
    expect(title([6, 1, 6])).toBe('recognition.recap.finding_several(values=V0, V2, kudos=6)');
    expect(title([3, 1], 50)).toBe('recognition.recap.finding_few(kudos=4)');
    expect(title([0, 0], 50)).toBe('recognition.recap.finding_total(kudos=50)');
  });

  it('tell in the text all that the picture shows', () => {
    const alt = plain(localise(altOf(chartOf(recap(21))), { locale: 'en', zone: 'UTC' }));
    expect(alt).toContain('Teamwork was thanked for most: 21 of 21 kudos');
    expect(alt).toContain('Teamwork 21 (100%)');
    expect(alt).toContain('Ana Ozola 21 (21 kudos)');
  });
});
