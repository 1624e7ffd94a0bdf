import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { notice } from '../../src/core/card.js';
import { words } from '../../src/core/text.js';
import { enqueueMail, type NewMail, sealAddress } from '../../src/delivery/mail-outbox.js';
import { MailError, type OutgoingMail } from '../../src/delivery/mail-port.js';
import { createFeatures } from '../../src/features/index.js';
import { feature, mail } from '../../src/people/handlers.js';
import { testVault } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
const sent: OutgoingMail[] = [];
let refuses: boolean;
let bot: TestBot;

const test = feature({
  name: 'test',
  mails: [
    mail({ id: 'test.mail', payload: z.object({}), compose: async () => ({ subject: words('Hello'), card: notice(words('Hello')) }) }),
  ],
});

beforeEach(async () => {
  await database.reset();
  refuses = true;
  sent.length = 0;
  const transport = {
    from: { name: 'Bellhop', address: 'bellhop@rieksts.example' },
    send: async (outgoing: OutgoingMail) => {
      if (refuses) throw new MailError('refused', '550 5.1.1');
      sent.push(outgoing);
    },
  };
  const features = [...createFeatures({ directories: new Map() }), test];
  bot = await testBot({ now: '2027-03-01T08:00:00Z', database, features, mail: transport });
});

it('mails that were given up stand beside the messages, say whom they were for and why, and go out again', async () => {
  const manager = await bot.person({ name: 'Mia', role: 'manager' });
  const ana = await bot.person({ name: 'Ana', email: 'ana@rieksts.example' });
  const post = async (subjectKey: string, to: NewMail['to']) => {
    const [organisationId, dueAt] = [bot.organisation.id, bot.clock.now()];
    await enqueueMail(database.db, { organisationId, subjectKey, spec: 'test.mail', payload: {}, to, dueAt }, dueAt);
  };
  await post('ana', { personId: ana.id });
  bot.clock.forward({ seconds: 1 });
  await post('guest', { sealedTo: sealAddress(testVault, 'guest@hotel.example') });
  await bot.runDue();

  const card = await bot.as(manager).command('bellhop deliveries');
  expect(keysIn(card)).toEqual(
    expect.arrayContaining(['bellhop.deliveries.mail_to', 'bellhop.deliveries.outsider', 'delivery.trouble.mail_refused']),
  );
  expect(JSON.stringify(card)).toContain('550 5.1.1');
  expect(JSON.stringify(card)).toContain('Ana');
  expect(JSON.stringify(card)).not.toMatch(/@(hotel|rieksts)/);
  refuses = false;
  // The newest stands first: the guest's.
  expect(keysIn(await bot.as(manager).click('bellhop.send_again', card))).toContain('bellhop.deliveries.sent');
  await bot.runDue();
  expect(sent.map(({ to }) => to)).toEqual(['guest@hotel.example']);
  await bot.as(manager).click('bellhop.send_all', await bot.as(manager).command('bellhop deliveries'));
  await bot.runDue();
  expect(sent.map(({ to }) => to)).toEqual(['guest@hotel.example', 'ana@rieksts.example']);
  expect(keysIn(await bot.as(manager).command('bellhop deliveries'))).toContain('bellhop.deliveries.none');
});
