import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { MOST_RULES } from '../../src/features/feedback/model.js';
import { loadRules } from '../../src/features/feedback/rules/store-rules.js';
import { newId } from '../../src/people/ids.js';
import { aChannel, type BuiltPerson, text } from '../support/builders.js';
import { accepted, type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { cardOf, hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

const press = async (id: string, payload: Record<string, string | number | boolean | null>, person: BuiltPerson = company.boss) =>
  await company.bot.as(person).press({ id: `feedback.${id}`, payload });

/** What the form opens, filled in so. */
async function submit(values: FormValues, ruleId: string | null = null): Promise<Answer> {
  return await company.bot.as(company.boss).submit(await press('rule_edit_open', { ruleId }), values);
}

async function add(values: FormValues): Promise<string> {
  const answer = await submit(values);
  if (answer.kind !== 'say') throw new Error(JSON.stringify(answer));
  return (await rules()).at(-1)?.id ?? '';
}

/** What a card says under its facts. */
const texts = (card: Card): readonly string[] => (card.body ?? []).flatMap((block) => ('text' in block ? [text(block.text)] : []));

const rules = async () => await loadRules(database.db, company.bot.organisation.id);
const channel = async (name: string) => await aChannel(database.db, company.bot.organisation, { name, members: [company.boss] });
const lines = async () => (cardOf(await company.bot.as(company.boss).command('customer rules')).rows ?? []).map((row) => text(row.text));
const verbs = async () =>
  (await database.db.auditEvent.findMany())
    .map(({ verb }) => verb)
    .filter((verb) => verb.startsWith('feedback.rule'))
    .sort();

describe('the list of rules', () => {
  it('is for managers, and says where everything goes when there is none', async () => {
    const refused = await company.bot.as(company.ana).command('customer rules');
    expect(keysIn(refused)).toContain('core.errors.role_needed');
    const card = cardOf(await company.bot.as(company.boss).command('customer rules'));
    expect(keysIn(card.lead)).toEqual(['feedback.rules.none']);
    expect(text(card.footer ?? { kind: 'words', words: '' })).toContain('#front-desk');
  });

  it('says each rule in a line, in the order in which they are tried', async () => {
    const riga = await channel('riga');
    const themes = await database.db.feedbackTheme.findMany({ orderBy: { position: 'asc' } });
    await add({ from: '1', to: '2', kinds: ['complaint'], locations: [company.location.id], target: 'managers' });
    await add({
      to: '3',
      sources: ['phone', 'email'],
      themes: [themes[0]?.id ?? ''],
      languages: ['lv'],
      phrases: 'refund\nrude',
      target: 'channel',
      channel: riga.externalId,
    });
    await add({ target: 'person', person: [hintOf(company.ben)] });
    const [first = '', second = '', third = ''] = await lines();
    expect(first).toContain('feedback.kind.complaint');
    expect(first).toContain('feedback.rules.if.stars_range(from=1, to=2)');
    expect(first).toContain('feedback.rules.if.locations(names=Old Town)');
    expect(first).toContain('feedback.rules.to.managers_channel(channel=#managers)');
    for (const part of [
      'from=1, to=3',
      'feedback.source.phone / feedback.source.email',
      'feedback.theme.waiting',
      'latviešu',
      'phrase=refund',
      '→ #riga',
    ])
      expect(second).toContain(part);
    expect(third).toContain('feedback.rules.if.all');
    expect(third).toContain(company.ben.name);
    expect(await verbs()).toEqual(['feedback.rule_added', 'feedback.rule_added', 'feedback.rule_added']);
  });

  it('is put into another order, changed and shortened, and tells of it', async () => {
    const ids = [
      await add({ from: '1', to: '1', target: 'managers' }),
      await add({ from: '2', to: '2', target: 'managers' }),
      await add({ target: 'managers' }),
    ];
    await press('rule_move', { ruleId: ids[2] ?? '', by: -1 });
    expect((await rules()).map(({ id }) => id)).toEqual([ids[0], ids[2], ids[1]]);
    // The first one can go no higher.
    await press('rule_move', { ruleId: ids[0] ?? '', by: -1 });
    expect((await rules()).map(({ id }) => id)).toEqual([ids[0], ids[2], ids[1]]);
    await press('rule_move', { ruleId: ids[0] ?? '', by: 1 });
    expect((await rules()).map(({ id }) => id)).toEqual([ids[2], ids[0], ids[1]]);

    const opened = await press('rule', { ruleId: ids[0] ?? '' });
    expect(cardOf(opened).actions?.filter((each) => each.kind === 'button' && each.confirm).length).toBe(1);
    const removed = await press('rule_remove', { ruleId: ids[0] ?? '' });
    expect(removed.kind).toBe('update');
    expect((await rules()).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(keysIn(await press('rule', { ruleId: ids[0] ?? '' }))).toContain('feedback.errors.rule_gone');
    expect(keysIn(await press('rule_remove', { ruleId: ids[0] ?? '' }))).toContain('feedback.errors.rule_gone');

    await submit({ from: '4', to: 'any', target: 'person', person: [hintOf(company.ana)] }, ids[1]);
    expect((await rules())[1]).toMatchObject({ minStars: 4, maxStars: null, to: { personId: company.ana.id } });
    expect((await verbs()).filter((verb) => verb !== 'feedback.rule_added')).toEqual([
      'feedback.rule_changed',
      'feedback.rule_moved',
      'feedback.rule_moved',
      'feedback.rule_removed',
    ]);
  });

  it('ends', async () => {
    const now = company.bot.clock.now();
    const row = { organisationId: company.bot.organisation.id, target: 'managers', createdAt: now, createdById: company.boss.id } as const;
    await database.db.feedbackRule.createMany({
      data: Array.from({ length: MOST_RULES }, (_, position) => ({ ...row, id: newId(now), position })),
    });
    expect(keysIn(await submit({ target: 'managers' }))).toContain('feedback.errors.rules_full');
    const card = cardOf(await company.bot.as(company.boss).command('customer rules'));
    expect(card.rows).toHaveLength(7);
    expect(keysIn(card.actions)).not.toContain('feedback.rules.action.add');
    const last = cardOf(await press('rules', { offset: 49, turn: true }));
    expect(last.rows?.map((each) => text(each.text)[0])).toHaveLength(1);
  });
});

describe('the form of a rule', () => {
  const errors = async (values: FormValues) => {
    const answer = await submit(values);
    return answer.kind === 'errors'
      ? Object.entries(answer.errors).map(([field, error]) => [field, ...keysIn(error)].join(' '))
      : [answer.kind];
  };

  it('says at each field what has to be mended', async () => {
    const archived = await aChannel(database.db, company.bot.organisation, { name: 'old', archived: true });
    expect(await errors({ from: '4', to: '2', target: 'managers' })).toEqual(['to feedback.errors.rule_stars_order']);
    expect(await errors({ target: 'channel' })).toEqual(['channel feedback.errors.rule_channel_missing']);
    expect(await errors({ target: 'channel', channel: archived.externalId })).toEqual(['channel people.errors.channel_archived']);
    expect(await errors({ target: 'person' })).toEqual(['person people.errors.people_missing']);
    expect(await errors({ target: 'person', person: [hintOf(company.ana), hintOf(company.ben)] })).toEqual([
      'person feedback.errors.rule_one_person',
    ]);
    expect(await errors({ target: 'managers', phrases: 'x'.repeat(61) })).toEqual(['phrases feedback.errors.rule_phrase_long']);
    const many = Array.from({ length: 21 }, (_, index) => `word${index}`).join('\n');
    expect(await errors({ target: 'managers', phrases: many })).toEqual(['phrases feedback.errors.rule_phrases_many']);
    expect(await errors({ target: 'managers', phrases: '…\n- \n💥' })).toEqual(['phrases feedback.errors.rule_phrases_empty']);
    expect(await errors({ target: 'managers', phrases: '-wait\n- slow' })).toEqual(['phrases feedback.errors.rule_phrases_none']);
    await database.db.organisation.update({ where: { id: company.bot.organisation.id }, data: { managersChannelId: null } });
    expect(await errors({ target: 'managers' })).toEqual(['target feedback.errors.rule_no_managers']);
    expect(await errors({ from: '<9>', target: 'managers' })).toEqual(['from feedback.errors.rule_test_choose']);
    expect(await errors({ target: '<x>' })).toEqual(['target feedback.errors.rule_target_missing']);
    expect(await rules()).toEqual([]);
  });

  it('shows a rule again as it was made, and takes no ids of somebody else', async () => {
    const riga = await channel('riga');
    const id = await add({
      ...{ from: '1', to: '2', kinds: ['complaint'], sources: ['page'], languages: ['lv', '<x>'], phrases: 'rude, slow' },
      ...{ locations: [company.location.id, newId(company.bot.clock.now())], themes: [newId(company.bot.clock.now())] },
      ...{ target: 'channel', channel: riga.externalId },
    });
    expect((await rules())[0]).toMatchObject({
      locationIds: [company.location.id],
      themeIds: [],
      languages: ['lv'],
      phrases: ['rude', 'slow'],
    });
    const form = await press('rule_edit_open', { ruleId: id });
    if (form.kind !== 'form') throw new Error(form.kind);
    const initial = Object.fromEntries(form.form.fields.map((field) => [field.name, 'initial' in field ? field.initial : undefined]));
    expect(initial).toMatchObject({
      from: '1',
      to: '2',
      kinds: ['complaint'],
      phrases: 'rude\nslow',
      target: 'channel',
      channel: riga.externalId,
    });
  });
});

describe('feedback that comes in', () => {
  it('goes where the first rule sends it, and else to where the rest goes', async () => {
    const riga = await channel('riga');
    await add({ to: '2', locations: [company.location.id], target: 'channel', channel: riga.externalId });
    await add({ kinds: ['praise'], target: 'person', person: [hintOf(company.ben)] });
    const low = await said(company.bot, { stars: 1, words: 'The soup was cold.', locationId: company.location.id });
    const elsewhere = await said(company.bot, { stars: 1, words: 'The soup was cold here too.' });
    const praise = await said(company.bot, { stars: 5, words: 'Wonderful bread.' });
    const [first, second] = await rules();
    expect([low.channelId, low.ruleId]).toEqual([riga.id, first?.id]);
    expect([elsewhere.channelId, elsewhere.ruleId]).toEqual([company.channel.id, null]);
    expect([praise.personId, praise.channelId, praise.ruleId]).toEqual([company.ben.id, null, second?.id]);
    expect(company.bot.messagesIn(riga)).toHaveLength(1);
    expect(company.bot.messagesTo(company.ben)).toHaveLength(1);
  });

  it('passes over a rule whose channel or person is gone, and managers see which one', async () => {
    const riga = await channel('riga');
    await add({ target: 'channel', channel: riga.externalId });
    await add({ target: 'person', person: [hintOf(company.ben)] });
    await add({ target: 'managers' });
    await database.db.channel.updateMany({ where: { id: riga.id }, data: { archivedAt: company.bot.clock.now() } });
    await database.db.person.updateMany({ where: { id: company.ben.id }, data: { status: 'left', leftAt: company.bot.clock.now() } });
    const entry = await said(company.bot, { stars: 4, words: 'Nice place.' });
    expect(entry.channelId).toBe(company.managers.id);
    const card = cardOf(await company.bot.as(company.boss).command('customer rules'));
    expect(card.rows?.map((row) => keysIn(row.text).includes('feedback.rules.passed_over'))).toEqual([true, true, false]);
    for (const [index, why] of ['channel', 'person'].entries()) {
      const ruleId = (await rules())[index]?.id ?? '';
      expect(keysIn(cardOf(await press('rule', { ruleId })))).toContain(`feedback.rules.broken.${why}`);
    }
    expect(keysIn(card.body)).toContain('feedback.rules.some_broken');
    expect(keysIn(await company.bot.as(company.boss).home())).toContain('feedback.rules.some_broken');
    expect(keysIn(await company.bot.as(company.ana).home())).not.toContain('feedback.rules.some_broken');
  });
});

describe('trying the rules out', () => {
  const test = async (values: FormValues, ruleId: string | null = null) =>
    cardOf(
      await company.bot
        .as(company.boss)
        .submit(await press('rule_test_open', { ruleId }), { kind: 'complaint', source: 'page', ...values }),
    );

  it('tells which rule takes it, where it goes, and why another one does not', async () => {
    const riga = await channel('riga');
    await add({ to: '2', locations: [company.location.id], target: 'channel', channel: riga.externalId });
    const second = await add({ phrases: 'refund', target: 'managers' });
    const taken = await test({ stars: '1', location: company.location.id, words: 'We waited for an hour.' });
    expect(text(taken.lead ?? taken.summary)).toBe('feedback.rules.test.rule_takes(number=1, place=#riga)');
    expect(keysIn(taken.facts)).toContain('feedback.theme.waiting');
    const none = await test({ stars: '1', words: 'Cold.' }, second);
    expect(text(none.lead ?? none.summary)).toBe('feedback.rules.test.no_rule(place=#front-desk)');
    expect(texts(none)).toEqual(['feedback.rules.test.not_this(number=2, conditions=feedback.rules.condition.words)']);
    const earlier = await test({ stars: '1', location: company.location.id, words: 'Refund me!' }, second);
    expect(keysIn(earlier.body)).toContain('feedback.rules.test.earlier');
    expect(await database.db.feedback.count()).toBe(0);
  });

  it('counts where what really came would go', async () => {
    for (const [index, stars] of [1, 2, 5, 5, 5].entries())
      await accepted(company.bot, { stars, words: `This is what I say, number ${index}.` });
    await company.bot.runDue();
    await add({ to: '2', target: 'managers' });
    const card = await test({ stars: '3' });
    expect(texts(card)).toEqual([
      'feedback.rules.test.last(count=5)',
      [
        'feedback.rules.test.count(count=3, rule=feedback.rules.otherwise(place=#front-desk))',
        'feedback.rules.test.count(count=2, rule=feedback.rules.numbered(number=1, rule=feedback.rules.if.stars_range(from=1, to=2) → feedback.rules.to.managers_channel(channel=#managers)))',
      ].join('\n'),
    ]);
  });
});
