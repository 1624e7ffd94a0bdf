import { beforeEach, describe, expect, it } from 'vitest';
import { openContact } from '../../src/features/feedback/contact.js';
import { scaleField } from '../../src/features/feedback/intake/log-fields.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

const TYPED = { source: 'phone', kind: 'by_stars', words: 'The soup was cold.', language: 'en', location: 'none', agreed: false };

const overall = async () => await database.db.feedbackQuestion.findFirstOrThrow({ where: { key: 'overall' } });
const entries = async () =>
  await database.db.feedback.findMany({ include: { ratings: true, concerns: true }, orderBy: { receivedAt: 'asc' } });

describe('what a customer told one of the staff', () => {
  it('is saved with a reference, and passed on; whoever logged it sees where it is', async () => {
    const { bot, ana, channel, location } = company;
    const hands = bot.as(ana);
    const form = await hands.command('customer log');
    const question = await overall();
    const answer = await hands.submit(form, {
      ...TYPED,
      [scaleField(question.id)]: '2',
      location: location.id,
      happened: '2027-02-28',
      name: 'Mrs Smith',
      email: 'smith@example.com',
      agreed: true,
    });
    expect(keysIn(answer)).toEqual(expect.arrayContaining(['feedback.logged.lead', 'feedback.logged.next']));
    const [entry] = await entries();
    expect(entry).toMatchObject({
      source: 'phone',
      kind: 'complaint',
      stars: 2,
      loggedById: ana.id,
      locationId: location.id,
      language: 'en',
      words: [{ questionId: null, words: 'The soup was cold.' }],
      happenedAt: new Date('2027-02-28T10:00:00Z'),
      consentLocale: 'en',
    });
    expect(entry?.consentId).not.toBeNull();
    expect(openContact(bot.work.vault, entry?.contactSealed ?? '')).toEqual({ name: 'Mrs Smith', email: 'smith@example.com' });
    expect(keysIn(await hands.click('feedback.logged', answer))).toContain('feedback.logged.state.fresh');
    await bot.runDue();
    expect(bot.messagesIn(channel)).toHaveLength(1);
    expect(keysIn(await hands.click('feedback.logged', answer))).not.toContain('feedback.logged.state.fresh');
    expect(await database.db.auditEvent.count({ where: { verb: 'feedback.logged', actorId: ana.id } })).toBe(1);
  });

  it('is saved once for a form that comes again, and whoever changed it meanwhile hears that nothing was changed', async () => {
    const { bot, ana } = company;
    const form = await bot.as(ana).command('customer log');
    await bot.as(ana).submit(form, TYPED);
    expect(keysIn(await bot.as(ana).submit(form, TYPED))).toContain('feedback.logged.lead');
    expect(keysIn(await bot.as(ana).submit(form, { ...TYPED, words: 'The soup was hot.' }))).toContain('feedback.logged.before');
    expect(await entries()).toHaveLength(1);
  });

  it('comes back with what is to be mended, at its field', async () => {
    const { bot, ana } = company;
    const form = await bot.as(ana).command('customer log');
    const question = await overall();
    const wrong: readonly (readonly [Record<string, unknown>, string, string])[] = [
      [{ words: ' ' }, 'words', 'feedback.errors.nothing_said'],
      [{ email: 'nowhere', agreed: true }, 'email', 'feedback.errors.email'],
      [{ phone: '+371 2000000' }, 'agreed', 'feedback.errors.not_agreed'],
      [{ happened: '2027-03-02' }, 'happened', 'feedback.errors.happened'],
      [{ happened: '2027-02-30' }, 'happened', 'feedback.errors.happened'],
      [{ location: 'Mars' }, 'location', 'feedback.errors.log_location'],
      [{ location: '00000000-0000-7000-8000-000000000000' }, 'location', 'feedback.errors.log_location'],
      [{ people: [{ by: 'typed', typed: 'Zelda' }] }, 'people', 'feedback.errors.people_unknown'],
      [{ [scaleField(question.id)]: '6' }, scaleField(question.id), 'feedback.errors.rating'],
    ];
    for (const [typed, field, error] of wrong) {
      const answer = await bot.as(ana).submit(form, { ...TYPED, ...typed } as never);
      expect(answer).toMatchObject({ kind: 'errors', errors: { [field]: { key: error } } });
    }
    expect(await entries()).toHaveLength(0);
  });

  it('is told from the logger’s own location unless they say otherwise', async () => {
    const { bot, ana, location } = company;
    const form = await bot.as(ana).command('customer log');
    if (form.kind !== 'form') throw new Error('No form.');
    expect(form.form.fields.find(({ name }) => name === 'location')).toMatchObject({ initial: location.id });
  });

  it('is for a colleague’s line alone when it is a complaint about one', async () => {
    const { bot, ana, ben, channel } = company;
    const form = await bot.as(ben).command('customer log');
    const answer = await bot.as(ben).submit(form, { ...TYPED, kind: 'complaint', words: 'She shouted.', people: [hintOf(ana)] });
    await bot.runDue();
    const [entry] = await entries();
    expect(entry).toMatchObject({ state: 'private', concerns: [{ personId: ana.id, how: 'chosen' }] });
    expect(bot.messagesIn(channel)).toEqual([]);
    expect(keysIn(await bot.as(ben).click('feedback.logged', answer))).toContain('feedback.logged.state.private');
    const id = entry?.id ?? '';
    expect(keysIn(await bot.as(ana).press({ id: 'feedback.logged', payload: { feedbackId: id } }))).toContain('feedback.errors.gone');
  });
});

describe('the shortcut at a message', () => {
  const shortcut = async (text: string | undefined) => {
    const { bot, ana } = company;
    const workspace = await database.db.workspace.findFirstOrThrow();
    return await bot.dispatch({
      kind: 'shortcut',
      shortcut: 'feedback.log',
      actor: { platform: 'slack', workspaceExternalId: workspace.externalId, externalId: ana.externalId },
      place: { kind: 'channel', externalId: 'C1' },
      onceKey: `shortcut-${text?.length}`,
      requestId: 'request',
      message: { ...(text !== undefined && { text }), conversationId: 'C1', externalId: '1.1' },
    });
  };

  it('shows what stands there before anything is saved', async () => {
    const answer = await shortcut('A guest says: “cold soup”\n\u0000second line');
    if (answer.kind !== 'form') throw new Error('No form.');
    expect(answer.form.fields.find(({ name }) => name === 'words')).toMatchObject({ initial: 'A guest says: “cold soup”\n second line' });
    expect(await entries()).toHaveLength(0);
    await company.bot.as(company.ana).submit(answer, { ...TYPED, words: 'cold soup' });
    expect(await entries()).toMatchObject([{ words: [{ questionId: null, words: 'cold soup' }] }]);
  });

  it('takes the beginning of a long message, and says so', async () => {
    const answer = await shortcut(`${'"quoted" '.repeat(900)}end`);
    if (answer.kind !== 'form') throw new Error('No form.');
    const words = answer.form.fields.find(({ name }) => name === 'words');
    expect(words).toMatchObject({ hint: { key: 'feedback.log.words_cut' } });
    expect(words?.kind === 'text' ? words.initial : '').toMatch(/^"quoted" .* …$/s);
  });

  it('opens an empty form where a platform tells no text', async () => {
    const answer = await shortcut(undefined);
    expect(answer).toMatchObject({ kind: 'form' });
  });
});
