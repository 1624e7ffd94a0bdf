import { z } from 'zod';
import { paragraph } from '../../../core/inputs.js';
import { KINDS, MOST, MOST_QUESTIONS, SOURCES } from '../model.js';

const KEY = /^[a-z0-9_]{1,40}$/;

/** What a system sends about one customer's feedback. The OpenAPI document is made of it. */
export const HookBody = z
  .strictObject({
    words: z.string().max(MOST.words).optional().describe('What the customer said, in their own words.'),
    answers: z
      .record(z.string().regex(KEY), z.string().max(MOST.words))
      .optional()
      .describe('Own words by open question: the key of the question, as “customer pages” shows it.'),
    ratings: z
      .record(z.string().regex(KEY), z.int().min(0).max(10))
      .optional()
      .describe('Ratings by scale: the key of the scale (courtesy, helpfulness, waiting, overall: 1 to 5; recommend: 0 to 10).'),
    kind: z.enum(KINDS).optional().describe('Told from ratings and words when it is left out.'),
    source: z.enum(SOURCES).default('api').describe('Where the customer said it.'),
    language: z.string().max(35).optional().describe('Of the words, BCP 47: “lv”, “en-GB”.'),
    location: z.string().max(200).optional().describe('Name of one of the organisation’s locations.'),
    page: z.string().max(MOST.slug).optional().describe('Last part of the address of the survey page that it belongs to.'),
    served_by: z.string().max(MOST.servedBy).optional().describe('Who served the customer, as the customer says.'),
    contact: z
      .strictObject({
        name: z.string().max(MOST.contactName).optional(),
        email: z.email().max(MOST.email).optional(),
        phone: z.string().max(MOST.phone).optional(),
        consent: z.literal(true).describe('The customer agreed that the contact is kept and used to answer.'),
      })
      .optional()
      .describe('How to answer the customer. Kept encrypted.'),
    happened_at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('When it happened, ISO 8601 with an offset. The time of arrival counts otherwise.'),
    external_reference: z.string().max(MOST.externalRef).optional().describe('The number that your system gives it.'),
  })
  .refine(
    ({ words, answers, ratings }) =>
      paragraph(words ?? '') !== '' ||
      Object.values(answers ?? {}).some((said) => paragraph(said) !== '') ||
      Object.keys(ratings ?? {}).length > 0,
    { message: 'nothing_said', path: [] },
  )
  .refine(({ ratings = {}, answers = {} }) => Object.keys({ ...ratings, ...answers }).length <= MOST_QUESTIONS * 2, {
    message: 'too_many_answers',
    path: ['ratings'],
  });
export type HookBody = z.output<typeof HookBody>;

export const HookAccepted = z.strictObject({
  id: z.uuid().describe('What Bellhop calls it.'),
  reference: z.string().describe('What the customer can be given to ask about it: “K7M4-QX2P”.'),
  repeated: z.boolean().describe('The same webhook-id was accepted before: this is the first answer again.'),
});

export const HookProblem = z.strictObject({
  error: z.strictObject({
    code: z.string().describe('For machines: “signature_wrong”, “invalid”.'),
    message: z.string().describe('For people, in the language of Accept-Language.'),
    details: z.array(z.strictObject({ path: z.string().describe('“ratings.overall”'), code: z.string(), message: z.string() })).optional(),
  }),
});
export type HookProblem = z.output<typeof HookProblem>;
