import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { post } from '../../src/features/recognition/ledger/store-ledger.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from './builders.js';
import { buttonsOf, cardsOf, hintOf, type TestBot } from './test-bot.js';

/** Puts points on somebody's balance. */
export async function award(bot: TestBot, person: Pick<BuiltPerson, 'id'>, points: number): Promise<void> {
  const organisationId = bot.organisation.id;
  await inTransaction(bot.work.db, async (tx) => {
    await post(
      tx,
      {
        organisationId,
        kind: 'award',
        actorId: null,
        reason: 'test',
        entries: [
          { kind: 'issued', owner: organisationId, amount: -points },
          { kind: 'balance', owner: person.id, amount: points },
        ],
      },
      bot.clock.now(),
    );
  });
}

/** What stands in the form of a reward. */
export const rewardValues = (fulfiller: BuiltPerson, values: FormValues = {}): FormValues => ({
  name: 'Coffee for two',
  price: '100',
  audience: 'everyone',
  fulfiller: [hintOf(fulfiller)],
  approval: false,
  ...values,
});

/** Adds a reward as a manager does. @returns its id */
export async function addReward(bot: TestBot, manager: BuiltPerson, values: FormValues = {}, fulfiller = manager): Promise<string> {
  const answer = await bot.as(manager).submit(await bot.as(manager).command('kudos rewards add'), rewardValues(fulfiller, values));
  const archive = cardsOf(answer)
    .flatMap(buttonsOf)
    .find((button) => button.id === 'recognition.reward_archive');
  if (typeof archive?.payload.rewardId !== 'string') throw new Error(`No reward was added: ${JSON.stringify(answer)}`);
  return archive.payload.rewardId;
}

/** Opens a reward's card, as from the catalogue. */
export async function lookAt(bot: TestBot, person: BuiltPerson, rewardId: string): Promise<Answer> {
  return await bot.as(person).press({ id: 'recognition.reward', payload: { rewardId } });
}

/** Looks at a reward and redeems it. */
export async function redeemAs(bot: TestBot, person: BuiltPerson, rewardId: string): Promise<Answer> {
  // Ids tell their order by the clock.
  bot.clock.forward({ seconds: 1 });
  return await bot.as(person).click('recognition.redeem', await lookAt(bot, person, rewardId));
}
