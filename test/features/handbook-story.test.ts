import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { verifyChain } from '../../src/features/handbook/index.js';
import { eraseDetails } from '../../src/features/handbook/store-records.js';
import { inTransaction } from '../../src/people/db.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardsOf, fileOf, hintOf, keysIn, refusedWith, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
const TEXT = `# Service\n\nBe kind.\n\n## Greet\n\n${'Smile at everyone who comes in. '.repeat(70)}\n\n## Listen\n\n${'Let people finish their sentence. '.repeat(70)}`;
const form = (values: object = {}) => ({
  document: 'new',
  text: TEXT,
  source: 'own',
  audience: 'everyone',
  effective: '2027-03-01',
  due: '2027-03-15',
  statement: 'I have read it.',
  ...values,
});

let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;
beforeEach(async () => {
  await database.reset();
  // Monday 1 March 2027, 11:00 in Riga.
  bot = await testBot({ now: '2027-03-01T09:00:00Z', database });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  ana = await bot.person({ name: 'Ana Ozola' });
});

async function draft(values: object = {}): Promise<Answer> {
  return await bot.as(boss).submit(await bot.as(boss).command('handbook publish'), form(values));
}

async function publish(values: object = {}): Promise<Answer> {
  const answer = await bot.as(boss).click('handbook.publish', await draft(values));
  await bot.runDue();
  return answer;
}

/** Opens every page, and returns the last. */
async function readAll(person: BuiltPerson): Promise<Answer> {
  let page = await bot.as(person).click('handbook.read');
  for (let turn = 0; turn < 20; turn++) {
    const next = cardsOf(page)[0]?.actions?.find(
      (action) => action.kind === 'button' && keysIn(action.label)[0] === 'handbook.action.next',
    );
    if (next?.kind !== 'button') return page;
    page = await bot.as(person).press(next.ref);
  }
  throw new Error('There is no last page.');
}

async function sign(person: BuiltPerson, name = person.name): Promise<Answer> {
  return await bot.as(person).submit(await bot.as(person).click('handbook.sign', await readAll(person)), { name, agree: true });
}

const newest = (person: BuiltPerson) => keysIn(bot.messagesTo(person).at(-1)?.card)[0];

describe('publishing', () => {
  it('makes a draft, shows it as employees see it, and asks everyone', async () => {
    const saved = await draft();
    expect(keysIn(saved)).toContain('handbook.draft.summary');
    const preview = await bot.as(boss).click('handbook.preview', saved);
    expect(keysIn(preview)).toContain('handbook.preview.footer');
    const published = await bot.as(boss).click('handbook.publish', saved);
    expect(keysIn(published)[0]).toBe('handbook.published.lead');
    await bot.runDue();
    expect(newest(ana)).toBe('handbook.request.summary');
    // The card that counts up is shown anew at most once in three seconds.
    bot.clock.forward({ seconds: 3 });
    await bot.runDue();
    expect(bot.messagesTo(boss).map((message) => keysIn(message.card)[0])).toContain('handbook.progress.summary_done');
    // A second click, and another manager's, change nothing.
    await bot.as(boss).click('handbook.publish', saved);
    await bot.runDue();
    expect(await database.db.assignment.count()).toBe(2);
    expect(bot.messagesTo(ana)).toHaveLength(1);
  });

  it.each([
    [{ due: '2027-02-28' }, { due: 'handbook.errors.due_past' }],
    [{ due: 'soon' }, { due: 'handbook.errors.day_invalid' }],
    [{ text: '' }, { text: 'handbook.errors.document_empty' }],
    [{ text: '## Only a heading' }, { text: 'handbook.errors.document_without_text' }],
    [{ text: 'No title.' }, { title: 'handbook.errors.title_missing' }],
    [{ audience: 'role:owner' }, { audience: 'handbook.errors.audience_empty' }],
    [{ audience: 'team:0199a5a0-0000-7000-8000-000000000000' }, { audience: 'people.errors.audience_unknown' }],
    [{ audience: 'channel' }, { channel: 'people.errors.channel_missing' }],
    [{ audience: 'channel', channel: 'C-nowhere' }, { channel: 'people.errors.channel_unknown' }],
    [{ audience: 'channel', channel: 'C-not-in' }, { channel: 'people.errors.channel_unknown' }],
    [{ audience: 'people' }, { people: 'people.errors.people_missing' }],
    [{ audience: 'people', people: [{ by: 'typed', typed: 'Nobody' }] }, { people: 'people.errors.person_unknown' }],
    [{ people: [{ by: 'typed', typed: 'Ana' }] }, { audience: 'people.errors.audience_not_people' }],
    [{ statement: ' ' }, { statement: 'handbook.errors.statement_missing' }],
    [{ text: '', file: [fileOf('big.md', 'x'.repeat(3 * 1024 * 1024))] }, { file: 'handbook.errors.document_too_large' }],
    [{ text: '', file: [fileOf('a.md', new Uint8Array([0xff, 0xfe, 0]))] }, { file: 'handbook.errors.file_not_text' }],
    [{ text: '', file: [fileOf('a.docx', 'x')] }, { file: 'handbook.errors.file_kind' }],
    [{ file: [fileOf('a.md', '# A\n\nb')] }, { file: 'handbook.errors.text_and_file' }],
    [{ source: 'starter:xx', text: '' }, { source: 'handbook.errors.source_unknown' }],
    [
      { due: '2020-01-01', text: '', audience: 'people' },
      { due: 'handbook.errors.due_past', text: 'handbook.errors.document_empty', people: 'people.errors.people_missing' },
    ],
  ])('says what has to be mended (%#)', async (values, errors) => {
    await aChannel(database.db, bot.organisation, { externalId: 'C-not-in', botIsMember: false, members: [ana] });
    expect(refusedWith(await draft(values))).toEqual(errors);
    expect(await database.db.documentVersion.count()).toBe(0);
  });

  it('takes a file, the starter handbook, and a file that came with the command', async () => {
    expect(keysIn(await draft({ text: '', file: [fileOf('a.md', '# From a file\n\nText.')] }))).toContain('handbook.draft.title');
    expect(keysIn(await draft({ text: '', source: 'starter:lv' }))).toContain('handbook.draft.title');
    const opened = await bot
      .as(boss)
      .command('handbook publish', { files: [fileOf('our_rules.md', `No heading.\n\n${'x '.repeat(3000)}`)] });
    expect(keysIn(opened)).toContain('handbook.publish.text_kept');
    const kept = await bot.as(boss).submit(opened, form({ text: '', title: 'Our rules' }));
    expect(keysIn(kept)).toContain('handbook.draft.warn_no_headings');
  });

  it('asks named people only', async () => {
    await publish({ audience: 'people', people: [hintOf(ana)] });
    expect(bot.messagesTo(boss).map((message) => keysIn(message.card)[0])).toEqual(['handbook.progress.summary_done']);
    expect(newest(ana)).toBe('handbook.request.summary');
  });

  it('is for managers', async () => {
    expect(keysIn(await bot.as(ana).command('handbook publish'))).toContain('core.errors.role_needed');
  });

  it('of a new version asks again and closes the older requests', async () => {
    await publish();
    await sign(ana);
    const other = await bot.person();
    await bot.runDue();
    const status = await bot.as(boss).command('handbook status');
    await bot
      .as(boss)
      .click(
        'handbook.publish',
        await bot
          .as(boss)
          .submit(await bot.as(boss).click('handbook.new', status), form({ document: undefined, text: `${TEXT}\n\nAnd smile.` })),
      );
    await bot.runDue();
    const states = await database.db.assignment.groupBy({ by: ['state'], _count: true });
    expect(Object.fromEntries(states.map((row) => [row.state, row._count]))).toEqual({ signed: 1, superseded: 2, open: 3 });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(bot.messagesTo(other).map((message) => keysIn(message.card)[0])).toEqual([
      'handbook.request.superseded',
      'handbook.request.summary',
    ]);
    expect((await database.db.documentVersion.findMany({ orderBy: { number: 'asc' } })).map((row) => [row.number, row.state])).toEqual([
      [1, 'superseded'],
      [2, 'published'],
    ]);
  });
});

describe('reading and signing', () => {
  it('cannot be signed before every page was opened', async () => {
    await publish();
    const request = bot.messagesTo(ana)[0]?.card;
    if (!request) throw new Error('Nothing was asked.');
    const assignment = await database.db.assignment.findFirstOrThrow({ where: { personId: ana.id } });
    expect(keysIn(await bot.as(ana).press({ id: 'handbook.sign', payload: { assignmentId: assignment.id } }))).toContain(
      'handbook.errors.pages_unopened',
    );
    const last = await bot.as(ana).press({ id: 'handbook.read', payload: { assignmentId: assignment.id, page: 2 } });
    expect(keysIn(last)).toContain('handbook.page.missing');
    expect(keysIn(await readAll(ana))).toContain('handbook.page.all_opened');
    expect((await database.db.assignment.findFirstOrThrow({ where: { personId: ana.id } })).pagesOpened.sort()).toEqual([1, 2]);
  });

  it('keeps a record that verifies, once, and shows the receipt on every card', async () => {
    await publish();
    const signed = await sign(ana, 'Anna Ozola');
    expect(keysIn(signed)).toContain('handbook.receipt.lead');
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(newest(ana)).toBe('handbook.receipt.summary');
    const record = await database.db.acknowledgement.findFirstOrThrow({ include: { detail: true } });
    expect(record).toMatchObject({ personId: ana.id, platform: 'slack', seq: 1n });
    expect(record.detail).toMatchObject({
      typedName: 'Anna Ozola',
      profileName: 'Ana Ozola',
      accountExternalId: ana.externalId,
      statement: 'I have read it.',
      agreement: 'handbook.sign.agree',
    });
    const again = {
      kind: 'form' as const,
      form: { ref: { id: 'handbook.sign', payload: { assignmentId: record.assignmentId } } },
    } as unknown as Answer;
    expect(refusedWith(await bot.as(ana).submit(again, { name: 'Ana', agree: true }))).toEqual({ form: 'handbook.errors.already_signed' });
    expect(await verifyChain(database.db, bot.organisation.id)).toEqual({ count: 1 });
  });

  it.each([
    [{ name: 'A', agree: true }, { name: 'handbook.errors.name_short' }],
    [{ name: '12345', agree: true }, { name: 'handbook.errors.name_digits' }],
    [{ name: 'https://x.test', agree: true }, { name: 'handbook.errors.name_link' }],
    [{ name: 'Ana Ozola' }, { agree: 'handbook.errors.agreement_missing' }],
    [{ name: 'Ana Ozola', agree: false }, { agree: 'handbook.errors.agreement_missing' }],
  ])('asks for a name and for agreement (%#)', async (values, errors) => {
    await publish();
    const opened = await bot.as(ana).click('handbook.sign', await readAll(ana));
    expect(refusedWith(await bot.as(ana).submit(opened, values))).toEqual(errors);
    expect(await database.db.acknowledgement.count()).toBe(0);
  });

  it('is for whoever was asked alone', async () => {
    await publish();
    const hers = bot.messagesTo(ana)[0]?.card;
    if (!hers) throw new Error('Nothing was asked.');
    expect(keysIn(await bot.as(boss).click('handbook.read', hers))).toContain('handbook.errors.not_yours');
  });

  it('can be declined with a reason, which the manager hears, and signed later', async () => {
    await publish();
    const declined = await bot.as(ana).submit(await bot.as(ana).click('handbook.decline'), { reason: 'I was not asked.' });
    expect(keysIn(declined)).toContain('handbook.request.declined');
    await bot.runDue();
    expect(newest(boss)).toBe('handbook.declined.summary');
    await bot.as(ana).click('handbook.reopen', declined);
    const told = async () => {
      bot.clock.forward({ seconds: 5 });
      await bot.runDue();
      return keysIn(bot.messagesTo(boss).find((message) => keysIn(message.card)[0] === 'handbook.declined.summary')?.card);
    };
    expect(await told()).toContain('handbook.declined.reopened');
    expect(keysIn(await sign(ana))).toContain('handbook.receipt.lead');
    expect(await told()).toContain('handbook.declined.signed');
  });

  it('lets people ask about a clause, and brings the answer back', async () => {
    await publish();
    const page = await bot.as(ana).click('handbook.read');
    const asking = await bot.as(ana).click('handbook.ask', page);
    if (asking.kind !== 'form') throw new Error('No form.');
    const field = asking.form.fields.find((candidate) => candidate.name === 'clause');
    const clause = field?.kind === 'choice' ? field.options.at(-1)?.value : undefined;
    expect(keysIn(await bot.as(ana).submit(asking, { clause, question: 'Even on Mondays?' }))).toContain('handbook.asked.lead');
    await bot.runDue();
    expect(newest(boss)).toBe('handbook.question.summary');
    const answered = await bot.as(boss).submit(await bot.as(boss).click('handbook.answer'), { answer: 'Above all on Mondays.' });
    expect(keysIn(answered)).toContain('handbook.question.answered');
    await bot.runDue();
    expect(newest(ana)).toBe('handbook.answer.summary');
    expect(keysIn(await bot.as(boss).command('handbook questions'))).toContain('handbook.questions.lead');
  });

  it('of a withdrawn version is over', async () => {
    await publish();
    const page = await readAll(ana);
    const status = await bot.as(boss).command('handbook status');
    const over = await bot.as(boss).submit(await bot.as(boss).click('handbook.withdraw', status), { reason: 'A mistake in it.' });
    expect(keysIn(over)).toContain('handbook.status.withdrawn');
    expect(keysIn(over)).not.toContain('handbook.action.exempt');
    expect(keysIn(await bot.as(ana).click('handbook.sign', page))).toContain('handbook.errors.withdrawn');
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(newest(ana)).toBe('handbook.request.withdrawn');
    // Its signatures are kept, and so is the way to them.
    expect(keysIn(await bot.as(boss).command('handbook status'))).toContain('handbook.status_list.withdrawn');
  });
});

describe('managers see', () => {
  it('how many signed, who is outstanding, a file, and can remind once a day', async () => {
    await publish();
    await sign(ana);
    const status = await bot.as(boss).command('handbook status');
    expect(JSON.stringify(status)).toContain('"signed":1,"asked":2');
    const csv = await bot.as(boss).click('handbook.csv', status);
    if (csv.kind !== 'file') throw new Error('No file.');
    expect(Buffer.from(csv.file.content).toString().split('\r\n')).toHaveLength(4);
    expect(keysIn(await bot.as(boss).click('handbook.remind_now', status))).toContain('handbook.status.reminded');
    expect(keysIn(await bot.as(boss).click('handbook.remind_now', status))).toContain('handbook.errors.reminded_today');
    await bot.runDue();
    expect(newest(boss)).toBe('handbook.reminder.nudge_summary');
    expect(bot.messagesTo(ana)).toHaveLength(1);
  });

  it('who is exempt, and may extend the due date', async () => {
    await publish();
    const status = await bot.as(boss).command('handbook status');
    const exempt = await bot.as(boss).submit(await bot.as(boss).click('handbook.exempt', status), { reason: 'On leave.' });
    expect(await database.db.assignment.count({ where: { state: 'exempt' } })).toBe(1);
    const extending = await bot.as(boss).click('handbook.extend', exempt);
    expect(refusedWith(await bot.as(boss).submit(extending, { due: '2027-03-10' }))).toEqual({ due: 'handbook.errors.due_not_later' });
    const extended = await bot.as(boss).submit(extending, { due: '2027-04-01' });
    // Before the job has come to the single requests.
    expect(JSON.stringify(extended)).toContain('2027-04-01');
    expect(JSON.stringify(extended)).not.toContain('2027-03-1');
    await bot.runDue();
    const open = await database.db.assignment.findFirstOrThrow({ where: { state: 'open' } });
    expect(open).toMatchObject({ dueOn: new Date('2027-04-01'), nextStage: 1 });
  });

  it('files of the people they lead, and no others', async () => {
    const lead = await bot.person({ name: 'Lead' });
    const below = await bot.person({ name: 'Below', lineManager: lead });
    const deep = await bot.person({ name: 'Deep', lineManager: below });
    const owner = await bot.person({ name: 'Owner', role: 'owner' });
    await publish();
    await sign(deep);
    const file = await bot.as(lead).command('handbook record', { mention: deep });
    expect(keysIn(file)).toContain('handbook.record.lead');
    expect(keysIn(await bot.as(lead).click('handbook.record_page', file))).toContain('handbook.page.summary');
    expect(keysIn(await bot.as(owner).command('handbook record Deep'))).toContain('handbook.record.lead');
    expect(keysIn(await bot.as(deep).command('handbook record'))).toContain('handbook.record.lead_mine');
    expect(keysIn(await bot.as(boss).command('handbook record', { mention: deep }))).toContain('people.errors.record_refused');
    expect(keysIn(await bot.as(ana).command('handbook record', { mention: lead }))).toContain('people.errors.record_refused');
  });

  it('home: what waits for me, and what waits for managers', async () => {
    await publish();
    expect(keysIn(await bot.as(ana).home())).toEqual(expect.arrayContaining(['handbook.home.waiting', 'handbook.home.here']));
    expect(keysIn(await bot.as(boss).home())).toEqual(expect.arrayContaining(['handbook.home.managers', 'handbook.home.here_manager']));
    expect(keysIn(await bot.as(ana).command('handbook'))).toContain('handbook.mine.lead');
  });
});

describe('the database', () => {
  it('refuses to change what proves something, and lets a person be erased', async () => {
    await publish();
    await sign(ana);
    const { db } = database;
    const refused = async (sql: string, why: RegExp) => await expect(database.pool.query(sql)).rejects.toThrow(why);
    await refused(`UPDATE handbook_acknowledgement SET hash = 'x'`, /append-only/);
    await refused('DELETE FROM handbook_acknowledgement', /append-only/);
    await refused('TRUNCATE handbook_acknowledgement CASCADE', /append-only/);
    await refused(`UPDATE handbook_acknowledgement_detail SET "typedName" = 'x'`, /kept/);
    await refused('DELETE FROM handbook_acknowledgement_detail', /erasure/);
    await refused(`UPDATE handbook_version SET source = 'x'`, /cannot be changed/);
    await refused(`UPDATE handbook_version SET state = 'draft'`, /cannot go from/);
    await refused('DELETE FROM handbook_clause', /cannot be changed/);
    await refused(`UPDATE handbook_page SET parts = '[]'`, /cannot be changed/);
    await inTransaction(db, async (tx) => await eraseDetails(tx, bot.organisation.id, ana.id));
    expect(await db.acknowledgementDetail.count()).toBe(0);
    expect(await verifyChain(db, bot.organisation.id)).toEqual({ count: 1 });
  });

  it('names the first broken link', async () => {
    const more = [await bot.person(), await bot.person()];
    await publish();
    for (const person of [ana, ...more]) await sign(person);
    const tamper = async (sql: string) => {
      await database.pool.query(`DO $$ BEGIN SET LOCAL session_replication_role = replica; ${sql}; END $$`);
      return await verifyChain(database.db, bot.organisation.id);
    };
    expect(await verifyChain(database.db, bot.organisation.id)).toEqual({ count: 3 });
    expect(
      await tamper(
        `UPDATE handbook_acknowledgement_detail d SET "typedName" = 'x' FROM handbook_acknowledgement k WHERE k.id = d."acknowledgementId" AND k.seq = 3`,
      ),
    ).toEqual({ count: 2, firstBroken: { seq: 3, why: 'detail' } });
    expect(await tamper(`UPDATE handbook_acknowledgement SET "signedAt" = "signedAt" + interval '1 day' WHERE seq = 2`)).toEqual({
      count: 1,
      firstBroken: { seq: 2, why: 'hash' },
    });
    expect(await tamper(`UPDATE handbook_version SET source = 'Other'`)).toEqual({
      count: 0,
      firstBroken: { seq: 1, why: 'version_text' },
    });
    await tamper(`DELETE FROM handbook_acknowledgement_detail; DELETE FROM handbook_acknowledgement WHERE seq = 1`);
    expect(await verifyChain(database.db, bot.organisation.id)).toEqual({ count: 0, firstBroken: { seq: 1, why: 'gap' } });
  });
});
