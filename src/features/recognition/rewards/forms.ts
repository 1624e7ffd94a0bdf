import { formErrors, say, update } from '../../../core/reply.js';
import { key, person, words } from '../../../core/text.js';
import { form } from '../../../people/handlers.js';
import { addReward, savedText, saveReward, showManaged } from './keeping.js';
import { staffView } from './looking.js';
import { HAND_OVER_CHARACTERS } from './model.js';
import { rewardFields } from './reward-form.js';
import { checkReward } from './reward-input.js';
import { HandOverInput, RedemptionRef, RefuseInput, RefuseRef, RewardForm, RewardInput } from './schema.js';
import { handOver, refuse } from './settle.js';
import { getRedemption } from './store-redemptions.js';
import { getReward } from './store-rewards.js';

/** The form of a reward: a new one, or one that is changed. */
export const rewardForm = form({
  id: 'recognition.reward_edit',
  role: 'manager',
  payload: RewardForm,
  input: RewardInput,
  build: async (context, { rewardId }) => {
    const reward = rewardId ? await getReward(context.db, context.organisation.id, rewardId) : undefined;
    return {
      title: key(reward ? 'recognition.manage.form_change' : 'recognition.manage.form_add'),
      submit: key('recognition.manage.save'),
      fields: await rewardFields(context, reward),
    };
  },
  submit: async (context, { payload: { rewardId, stock = -1 }, input }) => {
    const reward = rewardId ? await getReward(context.db, context.organisation.id, rewardId) : undefined;
    const checked = await checkReward(context, reward, input);
    if ('errors' in checked) return formErrors(checked.errors);
    if (!reward) return say(await showManaged(context, await addReward(context, checked.draft, checked.picture), savedText(true)));
    await saveReward(context, reward.id, checked.draft, checked.picture, stock === -1 ? null : stock);
    return update(await showManaged(context, reward.id, savedText(false)));
  },
});

/** Why a request is rejected, or something approved is cancelled. */
export const refuseForm = form({
  id: 'recognition.redemption_refuse',
  role: 'employee',
  payload: RefuseRef,
  input: RefuseInput,
  build: async (context, { redemptionId, from }) => {
    const redemption = await getRedemption(context.db, context.organisation.id, redemptionId);
    const rejects = from === 'requested';
    const params = { person: person(redemption.personName), reward: words(redemption.rewardName), price: redemption.price };
    return {
      title: key(rejects ? 'recognition.redemption.reject_form' : 'recognition.redemption.cancel_form'),
      submit: key(rejects ? 'recognition.redemption.reject' : 'recognition.redemption.cancel'),
      intro: [
        { kind: 'paragraph', text: key(rejects ? 'recognition.redemption.reject_intro' : 'recognition.redemption.cancel_intro', params) },
      ],
      fields: [
        {
          kind: 'text',
          name: 'reason',
          label: key('recognition.redemption.reason'),
          hint: key('recognition.redemption.reason_hint'),
          multiline: true,
          maxLength: 500,
        },
      ],
    };
  },
  submit: async (context, { payload: { redemptionId, from }, input }) => {
    const { redemption } = await refuse(context, redemptionId, from, context.person, input.reason);
    return update(await staffView(context, redemption));
  },
});

/** What comes with a reward: a note, a code, or both. */
export const handOverForm = form({
  id: 'recognition.redemption_hand_over',
  role: 'employee',
  payload: RedemptionRef,
  input: HandOverInput,
  build: async (context, { redemptionId }) => {
    const redemption = await getRedemption(context.db, context.organisation.id, redemptionId);
    return {
      title: key('recognition.redemption.hand_over_form'),
      submit: key('recognition.redemption.hand_over'),
      intro: [
        {
          kind: 'paragraph',
          text: key('recognition.redemption.hand_over_intro', {
            person: person(redemption.personName),
            reward: words(redemption.rewardName),
          }),
        },
      ],
      fields: [
        {
          kind: 'text',
          name: 'note',
          label: key('recognition.redemption.note'),
          hint: key('recognition.redemption.note_hint'),
          optional: true,
          multiline: true,
          maxLength: HAND_OVER_CHARACTERS.note,
        },
        {
          kind: 'text',
          name: 'code',
          label: key('recognition.redemption.code'),
          hint: key('recognition.redemption.code_hint'),
          optional: true,
          maxLength: HAND_OVER_CHARACTERS.code,
        },
      ],
    };
  },
  submit: async (context, { payload: { redemptionId }, input }) => {
    const { redemption } = await handOver(context, redemptionId, context.person, input);
    return update(await staffView(context, redemption));
  },
});
