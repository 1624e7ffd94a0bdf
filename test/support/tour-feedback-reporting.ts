import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { newId } from '../../src/people/ids.js';
import { aChannel } from './builders.js';
import { accepted, contextOf } from './customer-company.js';
import { hostile, hostileName } from './hostile.js';
import type { Stage } from './tour.js';

/** Two months of feedback as reports, files and customers' data, with names and words of the worst sort. */
export async function tourReporting({ bot, database, platform, refreshAll, press }: Stage): Promise<void> {
  const { db } = database;
  const organisationId = bot.organisation.id;
  await ensureDefaults(await contextOf(bot));
  const owner = await bot.person({ platform, name: hostileName(0), role: 'owner' });
  const channel = await aChannel(db, bot.organisation, { platform, name: 'front-desk', members: [owner] });
  await db.feedbackSettings.update({ where: { organisationId }, data: { channelId: channel.id } });
  const places = Array.from({ length: 9 }, (_, index) => ({
    organisationId,
    id: newId(bot.clock.now()),
    name: `${index} ${hostile(70)}`,
    createdAt: bot.clock.now(),
  }));
  await db.location.createMany({ data: places });
  const email = 'zane@example.com';
  for (const day of ['2027-01-20', '2027-02-16']) {
    for (const [index, { id: locationId }] of places.entries()) {
      bot.clock.to(`${day}T08:0${index}:00Z`);
      const ratings = { recommend: index, courtesy: 1 + (index % 5), helpfulness: 3, waiting: 2 };
      await accepted(bot, {
        stars: 1 + (index % 5),
        ratings,
        locationId,
        words: `${index} ${day} wait ${hostile(500)}`,
        contact: { email, name: hostile(60) },
      });
    }
  }
  bot.clock.to('2027-02-16T12:00:00Z');
  await bot.runDue();
  bot.clock.to('2027-03-01T08:00:00Z');
  await bot.runDue();
  await refreshAll();
  const at = bot.as(owner);
  // Words of the worst sort name everybody, and nobody reads what may be about themselves.
  await db.feedbackConcern.deleteMany();
  const seen = await db.feedback.findMany({ where: { state: 'passed' }, select: { id: true }, take: 9 });
  for (const { id: feedbackId } of seen) {
    await at.submit(await at.press({ id: 'feedback.contact_open', payload: { feedbackId } }), { reason: hostile(150) });
  }

  const month = await at.press({ id: 'feedback.report_month_open', payload: {} });
  await at.submit(month, {});
  const chosen = await at.submit(month, { month: '2027-01' });
  await press(owner, [chosen, await at.command('customer report 2027-02'), await at.command('customer report 2025-02')]);
  await at.command('customer export 2027-02');
  await press(owner, [await at.press({ id: 'feedback.export_months', payload: { offset: 0 } })]);

  const consent = await at.press({ id: 'feedback.consent_open', payload: {} });
  await at.submit(consent, {});
  for (let version = 0; version < 8; version++) await at.submit(consent, { en: `${version} ${hostile(700)}`, lv: hostile(700) });
  const kept = await at.press({ id: 'feedback.retention_open', payload: {} });
  await at.submit(kept, {});
  const found = await at.command(`customer privacy ${email}`);
  await press(
    owner,
    [await at.command('customer privacy'), found, await at.press({ id: 'feedback.consents', payload: { offset: 0 } })],
    ['feedback.customer_erase'],
  );
  await at.click('feedback.customer_erase', found);
  await accepted(bot, { stars: 4, words: hostile(300) });
  bot.clock.to('2027-08-01T08:00:00Z');
  await at.click('feedback.retention_set', await at.submit(kept, { months: '1' }));
}
