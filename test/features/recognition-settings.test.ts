import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { plain } from '../../src/core/text.js';
import { readEmoji, readEmojiName } from '../../src/features/recognition/settings/emoji.js';
import { listValues, loadSettings } from '../../src/features/recognition/store-settings.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardsOf, keysIn, refusedWith, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;

beforeEach(async () => {
  await database.reset();
  bot = await testBot({ now: '2027-03-01T09:00:00Z', database });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  ana = await bot.person({ name: 'Ana' });
});

const FIGURES = { allowance: '100', lead_allowance: '200', pair_cap: '50', join_points: '5', reaction_points: '5', currency: 'EUR' };
const change = async (values: object) => {
  const form = await bot.as(boss).click('recognition.settings_open', await bot.as(boss).command('kudos settings'));
  return await bot.as(boss).submit(form, { ...FIGURES, ...values });
};
const load = () => loadSettings(database.db, bot.organisation);

describe('settings', { timeout: 60_000 }, () => {
  it('show the figures and are changed, which is kept in the trail', async () => {
    const channel = await aChannel(database.db, bot.organisation, { externalId: 'C-KUDOS' });
    const saved = await change({
      allowance: ' 150 ',
      pair_cap: '70',
      reaction_emoji: ':Clap::skin-tone-3:',
      channel: 'C-KUDOS',
      currency: 'usd',
    });
    // Nobody loses points of this month by it, and that is said.
    expect(keysIn(saved)[0]).toBe('recognition.settings.saved_allowance');
    expect(await load()).toEqual({
      allowance: 150,
      leadAllowance: 200,
      pairCap: 70,
      joinPoints: 5,
      reactionEmoji: 'clap',
      reactionPoints: 5,
      channelId: channel.id,
      currency: 'USD',
    });
    const event = await database.db.auditEvent.findFirstOrThrow({ where: { verb: 'recognition.settings_changed' } });
    expect(event).toMatchObject({ actorId: boss.id, data: { allowance: 150, currency: 'USD' } });
    expect(keysIn(await change({ allowance: '150', currency: 'USD' }))[0]).toBe('recognition.settings.saved');
  });

  it('switch the reaction off, and fall back to the channel for announcements', async () => {
    const announcements = await aChannel(database.db, bot.organisation);
    await database.db.organisation.updateMany({ data: { announcementsChannelId: announcements.id } });
    expect(keysIn(await change({ reaction_emoji: '' }))).toContain('recognition.settings.reaction_off');
    const row = await database.db.recognitionSettings.findFirstOrThrow();
    expect([row.reactionEmoji, row.channelId]).toEqual(['', null]);
  });

  it.each([
    [{ allowance: '-1' }, { allowance: 'recognition.errors.settings_monthly' }],
    [
      { allowance: '1.5', lead_allowance: '10001' },
      { allowance: 'recognition.errors.settings_monthly', lead_allowance: 'recognition.errors.settings_monthly' },
    ],
    [{ allowance: '1000000000000' }, { allowance: 'recognition.errors.settings_monthly' }],
    [{ pair_cap: '0' }, { pair_cap: 'recognition.errors.settings_cap' }],
    [
      { join_points: '101', reaction_points: 'five' },
      { join_points: 'recognition.errors.settings_small', reaction_points: 'recognition.errors.settings_small' },
    ],
    [{ currency: 'XYZ' }, { currency: 'recognition.errors.settings_currency' }],
    [{ currency: 'euro' }, { currency: 'recognition.errors.settings_currency' }],
    [{ reaction_emoji: '👏' }, { reaction_emoji: 'recognition.errors.settings_emoji' }],
    [{ reaction_emoji: 'two words' }, { reaction_emoji: 'recognition.errors.settings_emoji' }],
    [{ channel: 'C-NOWHERE' }, { channel: 'people.errors.channel_unknown' }],
    [{ channel: 'C-OUT' }, { channel: 'people.errors.channel_not_in' }],
    [{ channel: 'C-OLD' }, { channel: 'people.errors.channel_archived' }],
  ])('say what has to be mended (%#)', async (values, errors) => {
    await aChannel(database.db, bot.organisation, { externalId: 'C-OUT', botIsMember: false });
    await aChannel(database.db, bot.organisation, { externalId: 'C-OLD', archived: true });
    expect(refusedWith(await change(values))).toEqual(errors);
    expect(await database.db.recognitionSettings.count()).toBe(0);
  });

  it('keep a channel of the other platform that this one’s picker can’t show', async () => {
    const elsewhere = await aChannel(database.db, bot.organisation, { platform: 'teams' });
    await database.db.recognitionSettings.create({ data: { organisationId: bot.organisation.id, channelId: elsewhere.id } });
    await change({ allowance: '120' });
    expect((await load()).channelId).toBe(elsewhere.id);
  });

  it('are for managers', async () => {
    expect(keysIn(await bot.as(ana).command('kudos settings'))).toContain('core.errors.role_needed');
    expect(keysIn(await bot.as(ana).press({ id: 'recognition.settings_open', payload: {} }))).toContain('core.errors.role_needed');
  });

  it('are saved by two managers at once, the last one winning as a whole', async () => {
    const answers = await Promise.all(['110', '120'].map(async (allowance) => await change({ allowance, pair_cap: allowance })));
    expect(answers.every((answer) => answer.kind === 'say')).toBe(true);
    const { allowance, pairCap } = await load();
    expect(pairCap).toBe(allowance);
  });
});

describe('values', { timeout: 60_000 }, () => {
  const rows = (answer: Answer) => cardsOf(answer)[0]?.rows ?? [];
  const open = async (valueId: string | null) => await bot.as(boss).press({ id: 'recognition.value_open', payload: { valueId } });
  const add = async (values: object) => await bot.as(boss).submit(await open(null), { name: 'Calm', emoji: '🧘', ...values });
  const codes = async () => (await listValues(database.db, bot.organisation.id)).map((value) => value.name ?? value.code);

  it('are seen by everybody and changed by managers', async () => {
    const seen = await bot.as(ana).command('kudos values');
    expect(rows(seen)).toHaveLength(5);
    expect(rows(seen).some((row) => row.action)).toBe(false);
    expect(rows(await bot.as(boss).command('kudos values')).every((row) => row.action)).toBe(true);
    expect(keysIn(await bot.as(ana).press({ id: 'recognition.value_open', payload: { valueId: null } }))).toContain(
      'core.errors.role_needed',
    );
  });

  it('are added at a place, renamed, given another emoji, archived', async () => {
    const added = await add({ position: '2' });
    expect(keysIn(added)[0]).toBe('recognition.values.added');
    expect(await codes()).toEqual(['courtesy', 'Calm', 'helpfulness', 'ownership', 'teamwork', 'speed']);
    const calm = (await listValues(database.db, bot.organisation.id))[1];
    await bot.as(boss).submit(await open(calm?.id ?? ''), { name: 'Calmness', emoji: '🕊️', position: '6' });
    expect(await codes()).toEqual(['courtesy', 'helpfulness', 'ownership', 'teamwork', 'speed', 'Calmness']);
    const card = await bot.as(boss).press({ id: 'recognition.value', payload: { valueId: calm?.id ?? '' } });
    expect(keysIn(await bot.as(boss).click('recognition.value_archive', card))[0]).toBe('recognition.values.archived');
    expect(await codes()).not.toContain('Calmness');
    // A second press, and somebody's form that was open meanwhile.
    expect(keysIn(await bot.as(boss).click('recognition.value_archive', card))[0]).toBe('recognition.values.gone');
    expect(refusedWith(await bot.as(boss).submit(await open(calm?.id ?? ''), { name: 'X', emoji: '🕊️' }))).toEqual({
      form: 'recognition.errors.value_gone',
    });
    const verbs = await database.db.auditEvent.findMany({ where: { verb: { startsWith: 'recognition.value' } } });
    expect(verbs.map((event) => event.verb).sort()).toEqual([
      'recognition.value_added',
      'recognition.value_archived',
      'recognition.value_changed',
    ]);
  });

  it('keep the catalogue’s name, in everybody’s language, until somebody gives another', async () => {
    const [first] = await listValues(database.db, bot.organisation.id);
    const form = await open(first?.id ?? '');
    if (form.kind !== 'form') throw new Error('No form.');
    const offered = form.form.fields.find((field) => field.name === 'name');
    await bot.as(boss).submit(form, { name: offered?.kind === 'text' ? offered.initial : '', emoji: '😀' });
    expect((await listValues(database.db, bot.organisation.id))[0]).toMatchObject({ name: null, emoji: '😀' });
  });

  it.each([
    [{ name: ' ' }, { name: 'recognition.errors.value_name' }],
    [{ name: '!!!' }, { name: 'recognition.errors.value_name' }],
    [{ name: 'x'.repeat(41) }, { name: 'recognition.errors.value_name_long' }],
    [{ emoji: '' }, { emoji: 'recognition.errors.value_emoji' }],
    [{ emoji: 'x' }, { emoji: 'recognition.errors.value_emoji' }],
    [{ emoji: '🤝🤝' }, { emoji: 'recognition.errors.value_emoji' }],
    [{ emoji: ':our_own_logo:' }, { emoji: 'recognition.errors.value_emoji_name' }],
  ])('say what has to be mended (%#)', async (values, errors) => {
    expect(refusedWith(await add(values))).toEqual(errors);
  });

  it('have names of their own, whatever their case', async () => {
    await add({ name: 'Calm' });
    expect(refusedWith(await add({ name: 'CALM ' }))).toEqual({ name: 'recognition.errors.value_taken' });
    // Also by the catalogue's names; two managers at once as well.
    const twice = await Promise.all([add({ name: 'Kindness' }), add({ name: 'kindness' })]);
    expect(twice.map((answer) => answer.kind).sort()).toEqual(['errors', 'say']);
  });

  it('keep one at least, and are twenty at most', async () => {
    const values = await listValues(database.db, bot.organisation.id);
    const archive = (id: string) => bot.as(boss).press({ id: 'recognition.value_archive', payload: { valueId: id } });
    for (const { id } of values.slice(2)) await archive(id);
    const [one, two] = values;
    const last = await Promise.all([archive(one?.id ?? ''), archive(two?.id ?? '')]);
    expect(last.flatMap(keysIn)).toContain('recognition.errors.value_last');
    expect(await codes()).toHaveLength(1);
    for (let index = 0; index < 19; index++) await add({ name: `Value ${index}` });
    expect(refusedWith(await add({ name: 'One more' }))).toEqual({ form: 'recognition.errors.values_full' });
    const pages = await bot.as(ana).command('kudos values');
    expect(rows(pages)).toHaveLength(7);
    expect(rows(await bot.as(ana).click('recognition.values', pages))).toHaveLength(7);
  });

  it('have an emoji: one to the eye, by its character or a name that is known', () => {
    expect(['🤝', ' 👩🏽‍🍳 ', '❤️', '☎', ':handshake:', ':+1::skin-tone-2:'].map(readEmoji)).toEqual(
      ['🤝', '👩🏽‍🍳', '❤️', '☎', '🤝', '👍'].map((emoji) => ({ emoji })),
    );
    expect(['a', '1', '', '🤝 🤝', '🤝x', `🤝${'\u0301'.repeat(40)}`, '<b>'].map(readEmoji)).toEqual(Array(7).fill(undefined));
    expect([':clap:', 'clap', ':Clap::skin-tone-3:', '', ':sveiķi_ņ:', '+1'].map(readEmojiName)).toEqual([
      'clap',
      'clap',
      'clap',
      '',
      'sveiķi_ņ',
      '+1',
    ]);
    expect(['👏', 'a b', ':a:b:', 'x'.repeat(101)].map(readEmojiName)).toEqual(Array(4).fill(undefined));
  });
});

it('speaks of points as each language does', () => {
  const localise = createLocaliser();
  const say = (locale: string, count: number) =>
    plain(localise({ kind: 'key', key: 'recognition.settings.points', params: { count } }, { locale, zone: 'UTC' }));
  expect([0, 1, 2, 10, 21].map((count) => say('lv', count))).toEqual(['0 punktu', '1 punkts', '2 punkti', '10 punktu', '21 punkts']);
  expect([0, 1, 2].map((count) => say('en', count))).toEqual(['0 points', '1 point', '2 points']);
});
