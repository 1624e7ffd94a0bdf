import type { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import type { FileHandle, FormErrors } from '../../../core/form.js';
import { key, type Text, words } from '../../../core/text.js';
import { MAX_PICTURE_BYTES, type PictureMime, pictureMime } from '../../../delivery/pictures.js';
import { readAudience, readPeople } from '../../../people/audience-form.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { readEmoji } from '../settings/emoji.js';
import { loadSettings } from '../store-settings.js';
import { DEFAULT_EMOJI, REWARD_LIMITS, type Reward, type RewardDraft } from './model.js';
import { readMoney, readWhole } from './money.js';
import type { RewardInput } from './schema.js';

type Input = z.output<typeof RewardInput>;

export interface Picture {
  readonly mime: PictureMime;
  readonly content: Uint8Array;
}

export type Checked = { readonly errors: FormErrors } | { readonly draft: RewardDraft; readonly picture: Picture | undefined };

/** Makes a reward of a filled-in form, or says at each field what has to be mended: everything at once. */
export async function checkReward(context: HandlerContext, reward: Reward | undefined, input: Input): Promise<Checked> {
  const { currency } = await loadSettings(context.db, context.organisation);
  const errors: Record<string, Text> = {};
  if (input.name === '') errors.name = key('recognition.errors.reward_name');
  else if (input.name.length > REWARD_LIMITS.name) errors.name = key('recognition.errors.reward_name_long', { most: REWARD_LIMITS.name });
  if (input.description.length > REWARD_LIMITS.description) {
    errors.description = key('recognition.errors.reward_description_long', { most: REWARD_LIMITS.description });
  }
  const emoji = input.emoji.trim() === '' ? { emoji: DEFAULT_EMOJI } : readEmoji(input.emoji);
  if (emoji === undefined || emoji === 'name') errors.emoji = key('recognition.errors.reward_emoji');

  const price = within(readWhole(input.price), 1, REWARD_LIMITS.price);
  if (price === undefined) errors.price = key('recognition.errors.reward_price', { most: REWARD_LIMITS.price });
  const stock = optional(input.stock, (typed) => within(readWhole(typed), 0, REWARD_LIMITS.stock));
  if (stock === undefined) errors.stock = key('recognition.errors.reward_stock', { most: REWARD_LIMITS.stock });
  const perPersonLimit = optional(input.limit, (typed) => within(readWhole(typed), 1, REWARD_LIMITS.perPerson));
  if (perPersonLimit === undefined) errors.limit = key('recognition.errors.reward_limit_number', { most: REWARD_LIMITS.perPerson });
  const moneyMinor = optional(input.money, (typed) => within(readMoney(typed, currency), 1, REWARD_LIMITS.moneyMinor));
  if (moneyMinor === undefined) errors.money = key('recognition.errors.reward_money', { currency: words(currency) });

  const audience = await readAudience(context, input);
  if ('errors' in audience) Object.assign(errors, audience.errors);
  const fulfiller = await fulfillerOf(context, reward, input);
  if ('error' in fulfiller) errors.fulfiller = fulfiller.error;
  const picture = input.picture?.[0] ? await checkPicture(input.picture[0]) : undefined;
  if (picture && 'error' in picture) errors.picture = picture.error;

  const isWhole =
    price !== undefined && stock !== undefined && perPersonLimit !== undefined && moneyMinor !== undefined && typeof emoji === 'object';
  if (!isWhole || 'errors' in audience || 'error' in fulfiller || (picture && 'error' in picture) || Object.keys(errors).length > 0) {
    return { errors };
  }
  const draft: RewardDraft = {
    name: input.name,
    description: input.description,
    emoji: emoji.emoji,
    ...{ price, stock, perPersonLimit },
    ...(keptMoney(reward, currency, moneyMinor) ?? { moneyMinor, currency }),
    audience: audience.audience,
    fulfillerId: fulfiller.id,
    needsApproval: input.approval,
  };
  return { draft, picture };
}

/** A value in the currency that the organisation had before: its field began empty, and empty leaves it as it is. */
function keptMoney(
  reward: Reward | undefined,
  currency: string,
  typed: number | null,
): Pick<RewardDraft, 'moneyMinor' | 'currency'> | undefined {
  if (!reward || reward.moneyMinor === null || reward.currency === currency || typed !== null) return undefined;
  return { moneyMinor: reward.moneyMinor, currency: reward.currency };
}

/** A picture as it was sent, or why it can't be shown. */
export async function checkPicture(file: FileHandle): Promise<Picture | { readonly error: Text }> {
  try {
    const content = await file.read(MAX_PICTURE_BYTES);
    const mime = pictureMime(content);
    return mime ? { mime, content } : { error: key('recognition.errors.reward_picture_kind') };
  } catch (error) {
    if (error instanceof BellhopError) return { error: key(error.key, error.params) };
    throw error;
  }
}

/** Nothing typed: null. Undefined when what was typed can't be read. */
function optional(typed: string, read: (typed: string) => number | undefined): number | null | undefined {
  return typed.trim() === '' ? null : read(typed);
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined;
}

async function fulfillerOf(
  context: HandlerContext,
  reward: Reward | undefined,
  input: Input,
): Promise<{ readonly id: string } | { readonly error: Text }> {
  if (input.fulfiller.length === 0) return { error: key('recognition.errors.reward_fulfiller') };
  if (input.fulfiller.length > 1) return { error: key('recognition.errors.reward_one_fulfiller') };
  // Two people of one name: the one who does it already was left in the field.
  const [hint] = input.fulfiller;
  const current = reward ? await findPerson(context.db, context.organisation.id, reward.fulfillerId) : context.person;
  if (hint?.by === 'typed' && current?.active && hint.typed.trim() === current.name) return { id: current.id };
  const found = await readPeople(context, input.fulfiller);
  if ('error' in found) return found;
  const [person] = found.people;
  return person ? { id: person.id } : { error: key('recognition.errors.reward_fulfiller') };
}
