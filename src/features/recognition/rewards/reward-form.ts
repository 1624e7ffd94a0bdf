import type { Field } from '../../../core/form.js';
import { key, words } from '../../../core/text.js';
import { audienceFields, initialPerson } from '../../../people/audience-form.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { loadSettings } from '../store-settings.js';
import { DEFAULT_EMOJI, REWARD_LIMITS, type Reward } from './model.js';
import { writeMoney } from './money.js';

/** What the form of a reward asks. @param reward the one that is changed; a new one without it */
export async function rewardFields(context: HandlerContext, reward: Reward | undefined): Promise<Field[]> {
  const { db, organisation } = context;
  const { currency } = await loadSettings(db, organisation);
  const fulfiller = reward ? await findPerson(db, organisation.id, reward.fulfillerId) : context.person;
  const atFirst = await initialPerson(context, fulfiller?.active ? fulfiller : undefined);
  // Another currency than the organisation's has to be typed anew.
  const money = reward?.moneyMinor && reward.currency === currency ? writeMoney(reward.moneyMinor, currency, context.reader.locale) : '';
  return [
    {
      kind: 'text',
      name: 'name',
      label: key('recognition.reward.name'),
      maxLength: REWARD_LIMITS.name,
      ...(reward && { initial: reward.name }),
    },
    number('price', 'recognition.reward.price_field', reward?.price),
    {
      kind: 'text',
      name: 'description',
      label: key('recognition.reward.description'),
      optional: true,
      multiline: true,
      maxLength: REWARD_LIMITS.description,
      ...(reward && reward.description !== '' && { initial: reward.description }),
    },
    {
      kind: 'text',
      name: 'emoji',
      label: key('recognition.reward.emoji'),
      hint: key('recognition.reward.emoji_hint'),
      optional: true,
      maxLength: 50,
      initial: reward?.emoji ?? DEFAULT_EMOJI,
    },
    {
      kind: 'file',
      name: 'picture',
      label: key('recognition.reward.picture'),
      hint: reward?.pictureId ? key('recognition.reward.picture_replaced') : key('recognition.reward.picture_hint'),
      optional: true,
      extensions: ['png', 'jpg', 'jpeg'],
      elsewhere: key('recognition.reward.picture_elsewhere'),
    },
    { ...number('stock', 'recognition.reward.stock', reward?.stock), hint: key('recognition.reward.stock_hint'), optional: true },
    { ...number('limit', 'recognition.reward.limit', reward?.perPersonLimit), hint: key('recognition.reward.limit_hint'), optional: true },
    ...(await audienceFields(context, key('recognition.reward.audience'), reward?.audience)),
    {
      kind: 'text',
      name: 'money',
      label: key('recognition.reward.money_field', { currency: words(currency) }),
      hint: key('recognition.reward.money_hint'),
      optional: true,
      maxLength: 20,
      ...(money !== '' && { initial: money }),
    },
    {
      kind: 'people',
      name: 'fulfiller',
      label: key('recognition.reward.fulfiller'),
      hint: key('recognition.reward.fulfiller_hint'),
      ...(atFirst.length > 0 && { initial: atFirst }),
    },
    {
      kind: 'check',
      name: 'approval',
      label: key('recognition.reward.approval'),
      text: key('recognition.reward.approval_text'),
      optional: true,
      initial: reward?.needsApproval ?? false,
    },
  ];
}

type NumberLabel = 'recognition.reward.price_field' | 'recognition.reward.stock' | 'recognition.reward.limit';

function number(name: string, label: NumberLabel, initial: number | null | undefined): Field & { kind: 'text' } {
  return { kind: 'text', name, label: key(label), maxLength: 12, ...(typeof initial === 'number' && { initial: String(initial) }) };
}
