import type { Card } from '../../src/core/card.js';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import type { BuiltPerson } from './builders.js';
import { cardsOf, type TestBot } from './test-bot.js';

/** The form as a manager fills it in: the second Tuesday of every second month from 9 March 2027 on, 10:00, one hour. */
export const scheduleValues = (values: FormValues = {}): FormValues => ({
  title: 'Calm at the counter',
  purpose: 'How to listen to an upset guest.',
  audience: 'everyone',
  first_day: '2027-03-09',
  start: '10:00',
  length: '60',
  repeats: 'month_weekday',
  every: '2',
  holidays: 'ignore',
  place: 'Room 4',
  ...values,
});

/** `/seminar schedule`, filled in and sent. @returns the preview, or what has to be mended */
export async function scheduleAs(bot: TestBot, manager: BuiltPerson, values: FormValues): Promise<Answer> {
  return await bot.as(manager).submit(await bot.as(manager).command('seminar schedule'), values);
}

/** The card that an answer shows. Throws when it shows none. */
export function cardOf(answer: Answer): Card {
  const [card] = cardsOf(answer);
  if (!card) throw new Error(`That shows no card: ${JSON.stringify(answer)}`);
  return card;
}
