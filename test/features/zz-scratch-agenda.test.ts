import { expect, it } from 'vitest';
import { plain, type Text } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { useDatabase } from '../support/database.js';
import { aSeries, seminarCompany, theFirstDate } from '../support/seminar-company.js';
import { cardsOf, fileOf, hintOf } from '../support/test-bot.js';

const database = useDatabase();
const localise = createLocaliser();
it('prints', async () => {
  await database.reset();
  const company = await seminarCompany(database);
  const { bot, host, boss, ana, ben } = company;
  const series = await aSeries(bot, { hostId: host.id });
  const dateId = (await theFirstDate(bot, series.id)).id;
  await bot.runDue();
  const out: string[] = [];
  const say = (t: Text | undefined, l: string) => (t ? plain(localise(t, { locale: l, zone: 'Europe/Riga' })) : '');
  const print = (label: string, answer: any) => {
    for (const l of ['en', 'lv']) {
      out.push(`\n##### ${label} [${l}] ${answer.kind ?? ''}`);
      if (answer.kind === 'form' || answer.kind === 'errors') {
        const f = answer.form;
        out.push(`FORM ${say(f.title, l)} [${say(f.submit, l)}]`);
        for (const b of f.intro ?? []) out.push(`  ${say(b.text, l)}`);
        for (const x of f.fields) out.push(`  - ${say(x.label, l)} (${say(x.hint ?? x.elsewhere, l)}) ${'initial' in x ? x.initial : ''}`);
        if (answer.errors) for (const [k, e] of Object.entries(answer.errors)) out.push(`  ! ${k}: ${say(e as Text, l)}`);
        continue;
      }
      for (const c of cardsOf(answer)) {
        out.push(`SUMMARY ${say(c.summary, l)}`, `TITLE ${say(c.title, l)}`, `LEAD ${say(c.lead, l)}`);
        for (const f of c.facts ?? []) out.push(`  ${say(f.label, l)}: ${say(f.value, l)}`);
        for (const b of c.body ?? []) out.push(`  <${b.kind}> ${say((b as any).text, l)}${(b as any).by ? ` — ${say((b as any).by, l)}` : ''}`);
        for (const r of c.rows ?? []) out.push(`  * ${say(r.text, l)} | ${say(r.detail, l)} [${say(r.action?.label, l)}]`);
        out.push(`  [${(c.actions ?? []).map((a) => say(a.label, l)).join('] [')}]`, `  ${say(c.footer, l)}`);
      }
    }
  };
  const press = async (p: any, id: string, payload: any) => await bot.as(p).press({ id: `seminars.${id}`, payload });
  const f1 = await press(ana, 'topic_open', { dateId });
  print('topic form', f1);
  print('topic thanks', await bot.as(ana).submit(f1, { topic: 'What to say when a dish is late', why: 'Guests ask daily' }));
  print('host adds', await bot.as(host).submit(await press(host, 'topic_open', { dateId }), { topic: 'Our new till' }));
  await bot.as(ben).submit(f1, { topic: 'Chairs' });
  await bot.runDue();
  print('proposed msg', bot.messagesTo(host).find((m) => JSON.stringify(m.card).includes('late'))!.card);
  const ed = await press(host, 'agenda', { dateId, offset: 0 });
  print('editor', ed);
  print('ana sees', await press(ana, 'agenda', { dateId, offset: 0 }));
  const items = await database.db.seminarAgendaItem.findMany({ orderBy: { position: 'asc' } });
  const late = items.find((i) => i.words.includes('late'))!;
  const chairs = items.find((i) => i.words.includes('Chairs'))!;
  await press(host, 'item_take', { itemId: late.id, from: 'proposed' });
  const lf = await press(host, 'item_leave', { itemId: chairs.id, from: 'proposed', here: true });
  print('leave form', lf);
  print('after leaving', await bot.as(host).submit(lf, { answer: 'They come in May' }));
  print('item', await press(host, 'item', { itemId: late.id, here: true }));
  bot.clock.forward({ seconds: 5 });
  await bot.runDue();
  print('to ana', bot.messagesTo(ana).at(-1)!.card);
  print('to ben', bot.messagesTo(ben).at(-1)!.card);
  print('POST', bot.messagesIn(company.channel).at(-1)!.card);
  print('home host', await bot.as(host).home());
  bot.clock.to('2027-03-09T09:30:00Z');
  await bot.runDue();
  const nf = await press(host, 'notes_open', { dateId });
  print('notes form', nf);
  await bot.as(host).submit(nf, { notes: 'We agreed on a greeting.', recap: 'Greet within a minute.' });
  const mf = await press(host, 'material_open', { dateId });
  print('material form', mf);
  print('material wrong', await bot.as(host).submit(mf, { link: 'javascript:1', text: '' }));
  await bot.as(host).submit(mf, { title: 'Slides', link: 'https://example.com/a' });
  print('material cmd', await bot.as(host).command('seminar material Handout', { files: [fileOf('a.txt', 'abc')] }));
  const tf = await press(host, 'task_open', { dateId });
  print('task form', tf);
  print('after task', await bot.as(host).submit(tf, { words: 'Put allergens up', owner: [hintOf(ana)], due: '2027-03-12' }));
  await bot.runDue();
  print('given', bot.messagesTo(ana).at(-1)!.card);
  for (const d of ['2027-03-12T08:00:00Z', '2027-03-15T08:00:00Z']) { bot.clock.to(d); await bot.runDue(); }
  print('asked', bot.messagesTo(ana).at(-1)!.card);
  print('overdue host', bot.messagesTo(host).at(-1)!.card);
  print('tasks', await bot.as(ana).command('seminar tasks'));
  print('home ana', await bot.as(ana).home());
  const t = await database.db.seminarTask.findFirstOrThrow();
  print('done', await press(ana, 'task_done', { taskId: t.id }));
  await bot.runDue();
  print('done host', bot.messagesTo(host).at(-1)!.card);
  print('afterwards', await press(boss, 'afterwards', { dateId }));
  (await import('node:fs')).writeFileSync('/tmp/agenda-scratch/out.txt', out.join('\n'));
  expect(1).toBe(1);
}, 60000);
