import { appendFileSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { at, dateFor, TIMES } from '../support/seminar-attending.js';
import { seminarCompany, theDates } from '../support/seminar-company.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { plain } from '../../src/core/text.js';

const database = useDatabase();
const localise = createLocaliser();

function render(value: any, say: (t: any) => string): string {
  if (value === undefined) return '';
  if (value.kind === 'home') return value.cards.map((c: any) => render(c, say)).join('\n---\n');
  if (value.kind === 'file') return `FILE ${value.file.name}\n${Buffer.from(value.file.content).toString('utf8').slice(0, 1500)}\n` + render(value.card, say);
  if (value.kind === 'form' || value.kind === 'errors') {
    const f = value.form;
    return [`FORM [${say(f.title)}] (${say(f.submit)})`, ...(f.intro ?? []).map((b: any) => '  ' + block(b, say)),
      ...f.fields.map((x: any) => `  * ${say(x.label)}${x.optional ? ' (opt)' : ''}${x.hint ? ` — ${say(x.hint)}` : ''}${x.options ? ': ' + x.options.map((o: any) => say(o.label)).join(' | ') : ''} = ${JSON.stringify(x.initial ?? '')}`),
      ...(value.errors ? Object.entries(value.errors).map(([k, e]) => `  !! ${k}: ${say(e)}`) : [])].join('\n');
  }
  const c = value.card ?? value;
  if (!c.summary && !c.lead) return JSON.stringify(value).slice(0, 200);
  return [`${value.kind ?? 'card'} SUM: ${c.summary ? say(c.summary) : ''}`, c.title ? `# ${say(c.title)}` : '', c.lead ? `> ${say(c.lead)}` : '',
    ...(c.facts ?? []).map((f: any) => `   ${say(f.label)}: ${say(f.value)}`), ...(c.body ?? []).map((b: any) => '   ' + block(b, say)),
    ...(c.rows ?? []).map((r: any) => ` - ${say(r.text)}${r.detail ? ` // ${say(r.detail)}` : ''}${r.action ? ` [${say(r.action.label)}]` : ''}`),
    (c.actions ?? []).length ? `   ${c.actions.map((a: any) => `[${say(a.label)}]` + (a.confirm ? `{${say(a.confirm.title)}: ${say(a.confirm.text)} ${say(a.confirm.yes)}/${say(a.confirm.no)}}` : '')).join(' ')}` : '',
    c.footer ? `   _${say(c.footer)}_` : ''].filter(Boolean).join('\n');
}
function block(b: any, say: (t: any) => string): string {
  if (b.kind === 'paragraph') return say(b.text);
  if (b.kind === 'heading') return `## ${say(b.text)}`;
  if (b.kind === 'quote') return `“ ${say(b.text)} ${b.by ? `— ${say(b.by)}` : ''}`;
  if (b.kind === 'picture') return `IMG(${say(b.alt)})`;
  return JSON.stringify(b).slice(0, 120);
}

it('dumps', { timeout: 300_000 }, async () => {
  await database.reset();
  for (const l of ['en', 'lv']) writeFileSync(`/tmp/brief/dump-${l}.txt`, '');
  let seen = 0;
  const out = (label: string, value: any) => {
    for (const locale of ['en', 'lv'] as const) {
      const say = (t: any) => plain(localise(t, { locale, zone: 'Europe/Riga', organisationZone: 'Europe/Riga' } as any)).replace(/\n/g, '\n     ');
      appendFileSync(`/tmp/brief/dump-${locale}.txt`, `\n===== ${label}\n${render(value, say)}\n`);
    }
  };
  const c = await seminarCompany(database);
  const { bot, boss, host, ana, ben, cy, owner, channel } = c;
  const news = (label: string) => {
    const all = bot.messages();
    for (const m of all.slice(seen)) out(`${label} MESSAGE to ${m.to.kind} ${m.to.externalId}`, m.posted);
    seen = all.length;
  };
  await database.db.seminarSettings.create({ data: { organisationId: bot.organisation.id, attendPoints: 5, hostPoints: 10 } });
  const more = [];
  for (const n of ['Dace Egle', 'Edgars Ozols', 'Fricis Zars']) more.push(await bot.person({ name: n }));
  const date = await dateFor(c, [], { requirement: 'every', track: 'front_line', capacity: 5, place: 'Room 4', link: 'https://meet.example.com/x', preReading: 'Chapter 3 of the handbook', purpose: 'How to stay calm.' , plan: {rhythm: {kind:'weekly', every: 1}}} as any);
  const d = { dateId: date.id };
  const press = async (who: any, id: string, payload: any, label = id) => { const a = await bot.as(who).press({ id, payload }); out(`${who.name} presses ${label}`, a); return a; };
  const cmd = async (who: any, text: string) => { const a = await bot.as(who).command(text); out(`${who.name} types /${text}`, a); return a; };
  await cmd(boss, 'seminar help'); await cmd(ana, 'seminar help');
  await at(c, '2027-03-01T08:10:00Z'); news('posted');
  await cmd(ana, 'seminar list'); await cmd(ana, 'seminar mine');
  out('home ana', await bot.as(ana).home());
  out('home boss', await bot.as(boss).home());
  await press(ana, 'seminars.date', d);
  await press(host, 'seminars.date', d);
  await press(boss, 'seminars.date', d);
  await press(ana, 'seminars.going', d); await press(ana, 'seminars.going', d, 'going again');
  await press(ben, 'seminars.maybe', d); await press(cy, 'seminars.cant', d);
  for (const p of more) await press(p, 'seminars.going', d);
  await press(host, 'seminars.going', d);
  await press(boss, 'seminars.going', d, 'going when full');
  await press(owner, 'seminars.going', d, 'going when full 2');
  await press(host, 'seminars.cant', d);
  await bot.runDue(); news('moved up');
  const t = await press(ana, 'seminars.topic_open', d);
  out('topic', await bot.as(ana).submit(t, { topic: 'Angry guests at night', why: 'It happened twice' }));
  await bot.runDue(); news('topic');
  const ag = await press(host, 'seminars.agenda', { ...d, offset: 0 });
  const it0 = (ag as any).card.rows[0].action.ref;
  const item = await bot.as(host).press(it0); out('item', item);
  const lf = await bot.as(host).click('seminars.item_leave', item); out('leave form', lf);
  out('take', await bot.as(host).click('seminars.item_take', item));
  await bot.runDue(); news('taken');
  await press(ana, 'seminars.agenda', { ...d, offset: 0 }, 'agenda');
  await at(c, '2027-03-02T08:00:30Z'); news('7d');
  await at(c, '2027-03-08T08:00:30Z'); news('1d');
  await at(c, '2027-03-09T07:00:30Z'); news('1h');
  await press(ana, 'seminars.here', d, 'here early');
  await cmd(ana, 'seminar here');
  await press(host, 'seminars.people', { ...d, offset: 0 }, 'people ahead');
  await press(host, 'seminars.code', d);
  await at(c, TIMES.opens); news('check-in');
  await cmd(ana, 'seminar here'); await cmd(ana, 'seminar here abc'); await cmd(ana, 'seminar here 000000');
  await press(ana, 'seminars.here', d); await press(ana, 'seminars.here', d, 'here again');
  await press(ana, 'seminars.date', d, 'date open');
  bot.clock.to(TIMES.late);
  await press(ben, 'seminars.here', d, 'here late'); await press(more[0], 'seminars.here', d);
  await press(more[1], 'seminars.here', d); await press(more[2], 'seminars.here', d); await press(owner, 'seminars.here', d);
  await press(ana, 'seminars.going', d, 'going begun');
  await press(host, 'seminars.people', { ...d, offset: 0 }, 'people open');
  const cf = await press(host, 'seminars.correct_open', { ...d, personId: ben.id });
  out('corrected', await bot.as(host).submit(cf, { standing: 'late_left_early' }));
  out('correct add form', await press(host, 'seminars.correct_open', { ...d }));
  out('post open', bot.messagesIn(channel).at(-1)?.card);
  await at(c, TIMES.closes); await at(c, TIMES.closed); 
  await press(cy, 'seminars.here', d, 'here closed'); await press(host, 'seminars.code', d, 'code closed');
  await at(c, TIMES.over); news('over');
  out('post over', bot.messagesIn(channel).at(-1)?.card);
  await press(cy, 'seminars.date', d, 'date missed'); await press(ana, 'seminars.date', d, 'date came'); await press(host, 'seminars.date', d, 'host date over');
  const aw = await press(host, 'seminars.afterwards', d); void aw;
  const nf = await press(host, 'seminars.notes_open', d);
  out('notes saved', await bot.as(host).submit(nf, { notes: 'We talked about night guests.', recap: 'Breathe. Listen.' }));
  const tf = await press(host, 'seminars.task_open', d);
  out('task err', await bot.as(host).submit(tf, { words: '..', owner: [], due: '2027-01-01' }));
  out('task saved', await bot.as(host).submit(tf, { words: 'Print the card for the night shift', owner: [{ by: 'account', externalId: ana.externalId }] as any, due: '2027-03-12' }));
  const mf = await press(host, 'seminars.material_open', d, 'material_open');
  void mf;
  await bot.runDue(); news('recap and task');
  await press(cy, 'seminars.date', d, 'date missed with recap');
  out('home cy', await bot.as(cy).home()); await cmd(cy, 'seminar mine'); await cmd(ana, 'seminar tasks');
  out('read', await bot.as(cy).click('seminars.read_recap'));
  const people = [ana, ben, ...more];
  for (const [i, p] of people.entries()) { const f = await bot.as(p).press({ id: 'seminars.say_open', payload: d }); if (i === 0) out('say form', f); if (i===4) await press(host, 'seminars.opinions', { ...d, offset: 0 }, 'opinions few'); const r = await bot.as(p).submit(f, { useful: String(5 - (i % 3)), change: i % 2 ? 'Longer breaks' : 'More examples' }); if (i === 0) { out('said', r); out('said again', await bot.as(p).submit(f, { useful: '1', change: 'x' })); } }
  await press(host, 'seminars.opinions', { ...d, offset: 0 }, 'opinions five');
  await at(c, '2027-03-12T08:00:00Z'); news('task due, summary');
  await at(c, '2027-03-12T09:05:00Z'); news('summary');
  await at(c, '2027-03-15T08:00:00Z'); news('task 2, catch-up reminder');
  out('task', await bot.as(ana).click('seminars.task_done'));
  await bot.runDue(); news('task done');
  await at(c, '2027-03-16T09:02:00Z'); news('d2 over');
  await cmd(boss, 'seminar report'); 
  await press(boss, 'seminars.report_csv', {});
  await cmd(cy, 'bellhop record'); await cmd(cy, 'handbook record'); await press(cy, 'seminars.record', { personId: cy.id, offset: 0 });
  await at(c, '2027-03-17T09:02:00Z'); news('put on');
  const dates = await theDates(bot, date.series.id);
  const e = { dateId: dates[3]?.id ?? '' };
  await press(cy, 'seminars.date', { dateId: dates[2]?.id ?? '' }, 'date put on');
  const mv = await press(boss, 'seminars.change_open', e);
  void mv;
  const cx = await press(boss, 'seminars.cancel_open', e);
  out('cancelled', await bot.as(boss).submit(cx, { reason: 'The host is ill', words: 'The host is ill', why: 'The host is ill' }));
  await bot.runDue(); news('cancel');
  await press(ana, 'seminars.going', e, 'rsvp cancelled'); await press(ana, 'seminars.here', e, 'here cancelled'); await press(ana, 'seminars.date', e, 'date cancelled');
  await press(ana, 'seminars.calendar', { dateId: dates[2]?.id ?? '' }); await press(ana, 'seminars.feed', {});
  await press(boss, 'seminars.series', { seriesId: date.series.id, offset: 0 });
  await cmd(boss, 'seminar settings'); await cmd(boss, 'seminar schedule');
});
