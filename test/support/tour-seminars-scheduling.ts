import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { aChannel } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import { aSeries } from './seminar-company.js';
import { cardsOf, hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Seminars are scheduled, drafted, saved, and set up, with words and names of the worst sort. */
export async function tourScheduling({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  const { db } = database;
  const boss = await bot.person({ platform, name: hostileName(1), role: 'manager' });
  const host = await bot.person({ platform, name: hostileName(2), zone: 'Asia/Kolkata' });
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(80), members: [boss, host] });
  const chosen = platform === 'slack' ? channel.externalId : channel.id;
  const hands = bot.as(boss);
  const fill = async (values: FormValues): Promise<Answer> => await hands.submit(await hands.command('seminar schedule'), values);

  // Nothing is right.
  const words = Object.fromEntries(
    ['first_day', 'start', 'length', 'every', 'day', 'until', 'count', 'exceptions', 'country', 'zone', 'link', 'capacity', 'announce'].map(
      (name) => [name, hostile(90)],
    ),
  );
  await fill({});
  await fill({ ...words, title: hostile(500) });
  await fill({ ...words, title: hostile(110), holidays: 'move', audience: 'people', people: [{ by: 'typed', typed: hostile(100) }] });
  await fill({ ...words, title: hostile(110), pre_reading: 'javascript:alert(1)', host: [{ by: 'typed', typed: hostile(100) }] });

  // Everything is there, as long as it may be; it clashes with seminars of the worst names, and nothing can be posted.
  const full: FormValues = {
    title: hostile(115),
    purpose: hostile(990),
    host: [hintOf(host)],
    audience: 'people',
    people: [hintOf(boss), hintOf(host)],
    requirement: 'every',
    first_day: '2027-03-04',
    start: '02:30',
    length: '1:30',
    repeats: 'month_day',
    every: '1',
    day: '29',
    holidays: 'move',
    country: 'US-CA',
    zone: 'America/New_York',
    exceptions: '2027-04-29, 2027-04-30',
    place: hostile(195),
    link: `https://meet.example/${'x'.repeat(400)}`,
    capacity: '99999',
    pre_reading: hostile(990),
    announce: chosen,
  };
  for (let index = 0; index < 5; index++) {
    const plan = { zone: 'America/New_York', firstDay: '2027-03-02', minutes: 150, rhythm: { kind: 'weekly' as const, every: 1 } };
    await aSeries(bot, {
      hostId: host.id,
      title: `${index} ${hostile(110)}`.trim(),
      plan: { ...plan, minutes: 150 + index, length: 24 * 60 },
    });
  }
  const preview = await fill(full);
  await fill({ ...full, holidays: 'skip', repeats: 'weeks', announce: undefined });
  await db.channel.updateMany({ data: { botIsMember: false } });
  await fill({ ...full, announce: undefined, audience: 'everyone', people: undefined });
  await db.channel.updateMany({ data: { botIsMember: true } });
  await press(boss, [await hands.command('seminar list')]);

  // Changed, saved, and pressed again.
  const changing = await hands.click('seminars.draft_change', preview);
  await hands.submit(changing, { ...full, every: '0', title: '' });
  const again = await hands.submit(changing, full);
  const saved = await hands.click('seminars.draft_save', again);
  for (const id of ['seminars.draft_save', 'seminars.draft_change', 'seminars.draft_discard']) await hands.click(id, again);
  await hands.click('seminars.draft_save', preview);
  await hands.click('seminars.draft_discard', await fill(full));
  await bot.runDue();
  await refreshAll();
  if (!lying(host).some((card) => JSON.stringify(card).includes('seminars.hosting.lead'))) throw new Error('The host was not told.');
  await press(boss, [saved, ...cardsOf(saved)], ['seminars.cancel_open', 'seminars.follow_open']);
  await press(host, lying(host));

  // All that follow, with a reason; then the host leaves before a draft is saved.
  const [series] = await db.seminarSeries.findMany({ orderBy: { createdAt: 'desc' }, take: 1 });
  const date = await db.seminarDate.findFirstOrThrow({
    where: { seriesId: series?.id ?? '', startsAt: { gt: bot.clock.now() } },
    orderBy: { startsAt: 'asc' },
  });
  const following = await hands.press({ id: 'seminars.follow_open', payload: { dateId: date.id } });
  const next = await hands.submit(following, {
    ...full,
    day: '28',
    first_day: '2027-05-28',
    exceptions: '',
    reason: hostile(990),
    start: '05:00',
  });
  await hands.click('seminars.draft_save', next);
  await bot.runDue();
  await refreshAll();
  await hands.press({ id: 'seminars.series', payload: { seriesId: series?.id ?? '', offset: 0 } });
  const late = await fill(full);
  await db.person.updateMany({ where: { id: host.id }, data: { status: 'left' } });
  await hands.click('seminars.draft_save', late);

  // Settings, wrong and right.
  const settings = await hands.command('seminar settings');
  await press(boss, [settings]);
  const form = await hands.click('seminars.settings_open', settings);
  const wrong = { channel: hostile(60), ladder: hostile(190), post_days: hostile(9), attend_points: '-1', host_points: '1e9' };
  await hands.submit(form, wrong);
  await hands.submit(form, {
    channel: chosen,
    ladder: '60 d, 8 d, 7 d, 26 h, 45 min, 5 min',
    post_days: '90',
    attend_points: '1000',
    host_points: '1',
  });
  await hands.submit(form, { ladder: '', post_days: '0', attend_points: '0', host_points: '0' });
  await hands.command('seminar settings');
}
