import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { type BuiltPerson, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, fileOf, keysIn, refusedWith } from '../support/test-bot.js';

const database = useDatabase();
const PDF = Buffer.from('%PDF-1.7 slides');

let company: SeminarCompany;
let dateId: string;
let nextId: string;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
  const series = await aSeries(company.bot, { hostId: company.host.id });
  [dateId = '', nextId = ''] = (await theDates(company.bot, series.id)).map((date) => date.id);
  company.bot.clock.to('2027-03-09T09:30:00Z');
});

const open = async (person: BuiltPerson, id: string) =>
  await company.bot.as(person).press({ id: `seminars.${id}_open`, payload: { dateId } });
const fill = async (person: BuiltPerson, id: string, values: FormValues) =>
  await company.bot.as(person).submit(await open(person, id), values);
const look = async (person: BuiltPerson) =>
  cardsOf(await company.bot.as(person).press({ id: 'seminars.afterwards', payload: { dateId } }))[0];
const ids = (answer: Answer) =>
  cardsOf(answer)
    .flatMap(buttonsOf)
    .map((ref) => ref.id);
const materials = async () => await database.db.seminarMaterial.findMany({ orderBy: { addedAt: 'asc' } });

describe('materials', () => {
  it('are added by whoever runs the date and had by everyone', async () => {
    const { bot, host, boss, ana } = company;
    expect(keysIn(await look(ana))).toContain('seminars.afterwards.nothing');
    expect(keysIn(await open(ana, 'material'))[0]).toBe('seminars.errors.not_host');
    expect((await fill(host, 'material', { title: 'Slides', link: 'example.com/slides' })).kind).toBe('update');
    bot.clock.forward({ seconds: 1 });
    await fill(boss, 'material', { title: 'Rules of thumb', text: 'Smile.\n<!channel>' });
    bot.clock.forward({ seconds: 1 });
    await fill(host, 'material', { file: [fileOf('Hand out.pdf', PDF)] });
    const card = await look(ana);
    expect(card?.rows?.map((row) => text(row.text))).toEqual(['Slides', 'Rules of thumb', 'Hand out']);
    const [link, words, file] = await Promise.all((card?.rows ?? []).map(async (row) => await bot.as(ana).press(row.action?.ref ?? null)));
    expect(cardsOf(link as Answer)[0]?.actions).toEqual([expect.objectContaining({ kind: 'link', url: 'https://example.com/slides' })]);
    expect(JSON.stringify(words)).toContain('<!channel>');
    expect(file).toMatchObject({ kind: 'file', file: { name: 'Hand out.pdf', mime: 'application/pdf' } });
    expect(file?.kind === 'file' && Buffer.from(file.file.content).equals(PDF)).toBe(true);
    expect(ids(link as Answer)).not.toContain('seminars.material_remove');
  });

  it('are removed by whoever runs the date', async () => {
    const { bot, host, ana } = company;
    await fill(host, 'material', { title: 'Slides', link: 'https://example.com/slides' });
    const payload = { materialId: (await materials())[0]?.id ?? '' };
    expect(keysIn(await bot.as(ana).press({ id: 'seminars.material_remove', payload }))[0]).toBe('seminars.errors.not_host');
    const shown = await bot.as(host).press({ id: 'seminars.material_get', payload });
    await bot.as(host).click('seminars.material_remove', shown);
    expect(await materials()).toEqual([]);
    expect(keysIn(await bot.as(ana).press({ id: 'seminars.material_get', payload }))[0]).toBe('seminars.errors.material_gone');
  });

  it.each([
    ['nothing', { title: 'A' }, { link: 'seminars.errors.material_nothing' }],
    ['two at once', { title: 'A', link: 'https://a.example', text: 'b' }, { link: 'seminars.errors.material_one' }],
    ['no title', { text: 'b' }, { title: 'seminars.errors.material_title' }],
    ['a script', { title: 'A', link: 'javascript:alert(1)' }, { link: 'seminars.errors.material_link' }],
    ['data', { title: 'A', link: 'data:text/html,<script>1</script>' }, { link: 'seminars.errors.material_link' }],
    ['a file of this computer', { title: 'A', link: 'file:///etc/passwd' }, { link: 'seminars.errors.material_link' }],
    ['words for a link', { title: 'A', link: 'on the shelf' }, { link: 'seminars.errors.material_link' }],
    ['a page', { file: [fileOf('a.html', '<script>1</script>')] }, { file: 'seminars.errors.material_kind' }],
    ['a program named as a document', { file: [fileOf('a.pdf', 'MZ\u0000')] }, { file: 'seminars.errors.material_kind' }],
    ['bytes named as text', { file: [fileOf('a.txt', Buffer.from([0xff, 0xfe]))] }, { file: 'seminars.errors.material_kind' }],
    ['an empty file', { file: [fileOf('a.txt', '')] }, { file: 'seminars.errors.material_kind' }],
    ['no ending', { file: [fileOf('pdf', PDF)] }, { file: 'seminars.errors.material_kind' }],
    ['a large file', { file: [{ name: 'a.pdf', size: 6_000_000, read: async () => PDF }] }, { file: 'seminars.errors.material_large' }],
  ])('that can’t be taken are told at their field: %s', async (_, values, errors) => {
    const answer = await fill(company.host, 'material', values);
    expect(refusedWith(answer)).toEqual(errors);
    expect(await materials()).toEqual([]);
  });

  it('come with a command where forms take no files, to the date held last, or to another', async () => {
    const { bot, host, ana, boss } = company;
    expect(keysIn(await bot.as(ana).command('seminar material', { files: [fileOf('a.pdf', PDF)] }))[0]).toBe(
      'seminars.errors.material_no_date',
    );
    const asked = await bot.as(boss).command('seminar material');
    expect(ids(asked)).toContain('seminars.material_open');
    expect(keysIn(await bot.as(host).command('seminar material', { files: [fileOf('a.exe', PDF)] }))[0]).toBe(
      'seminars.errors.material_kind',
    );
    const added = await bot.as(host).command('seminar material Slides of March', { files: [fileOf('a.pdf', PDF)] });
    expect(keysIn(added)).toContain('seminars.material.added');
    expect(await materials()).toEqual([expect.objectContaining({ dateId, title: 'Slides of March', mime: 'application/pdf' })]);
    await bot.as(host).click('seminars.material_move', added);
    expect((await materials())[0]?.dateId).toBe(nextId);
  });

  it('of a cancelled date stay, and nothing is added', async () => {
    await fill(company.host, 'material', { title: 'A', text: 'b' });
    const form = await open(company.host, 'material');
    await database.db.seminarDate.updateMany({ where: { id: dateId }, data: { state: 'cancelled' } });
    expect(keysIn(await open(company.host, 'material'))[0]).toBe('seminars.errors.afterwards_cancelled');
    expect(refusedWith(await company.bot.as(company.host).submit(form, { title: 'A', text: 'b' }))).toEqual({
      form: 'seminars.errors.afterwards_cancelled',
    });
    expect((await look(company.ana))?.rows).toHaveLength(1);
  });
});

describe('minutes', () => {
  it('are written from the start on, and read by everyone', async () => {
    const { bot, host, ana } = company;
    bot.clock.to('2027-03-09T07:59:00Z');
    expect(keysIn(await open(host, 'notes'))[0]).toBe('seminars.errors.minutes_early');
    bot.clock.to('2027-03-09T08:00:00Z');
    expect(keysIn(await open(ana, 'notes'))[0]).toBe('seminars.errors.not_host');
    await fill(host, 'notes', { notes: 'We agreed.\nTwice.', recap: 'Read this.' });
    expect(JSON.stringify((await look(ana))?.body)).toContain('We agreed.\\nTwice.');
    expect(JSON.stringify((await look(ana))?.body)).toContain('Read this.');
    // The form begins with what is there; taking it out removes it.
    const again = await open(host, 'notes');
    expect(again.kind === 'form' && again.form.fields.map((field) => 'initial' in field && field.initial)).toEqual([
      'We agreed.\nTwice.',
      'Read this.',
    ]);
    await bot.as(host).submit(again, { recap: 'Read this.' });
    expect(JSON.stringify((await look(ana))?.body)).not.toContain('We agreed');
    expect(refusedWith(await bot.as(host).submit(again, { notes: 'x'.repeat(3_001) }))).toEqual({ notes: 'seminars.errors.topic_long' });
  });

  it('have the recap sent to those who missed what they had to come to', async () => {
    const { bot, host, ana } = company;
    bot.clock.to('2027-03-08T08:00:00Z');
    const series = await aSeries(bot, { hostId: host.id, requirement: 'every', plan: { rhythm: { kind: 'once' } } });
    dateId = (await theDates(bot, series.id))[0]?.id ?? '';
    for (const at of ['2027-03-09T07:50:00Z', '2027-03-09T09:30:00Z']) {
      bot.clock.to(at);
      await bot.runDue();
    }
    const sent = () => bot.messagesTo(ana).filter((message) => JSON.stringify(message.card).includes('Greet within a minute.'));
    await fill(host, 'notes', { notes: 'Long talk.' });
    await bot.runDue();
    expect(sent()).toEqual([]);
    await fill(host, 'notes', { notes: 'Long talk.', recap: 'Greet within a minute.' });
    await bot.runDue();
    expect(sent()).toHaveLength(1);
  });
});
