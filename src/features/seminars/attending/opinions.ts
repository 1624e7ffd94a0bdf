import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import { MAX_FIELD_CHARACTERS } from '../../../core/form.js';
import { paragraphInput } from '../../../core/inputs.js';
import { open, update, whisper } from '../../../core/reply.js';
import { instant, key, words } from '../../../core/text.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { MOST, type SeminarDate } from '../model.js';
import { demandDate, demandOwnDate } from '../rights.js';
import { DateRef } from '../schema.js';
import { opinionsCard, thanksCard } from './opinion-cards.js';
import { SCORE_KEYS } from './opinion-chart.js';
import { drawOpinions, keepChart } from './opinion-picture.js';
import { within } from './refs.js';
import { OpinionRows } from './schema.js';
import { findAttendance } from './store-attendance.js';
import { addOpinion, findOpinions, hasGiven, SCORES } from './store-opinions.js';
import { opinionsClose } from './times.js';

/**
 * Whether the actor may say something about a date now.
 * @throws BellhopError `seminars.date_gone`, `seminars.opinion_early`, `seminars.opinion_late`, `seminars.opinion_host`,
 * `seminars.opinion_not_there`, `seminars.opinion_given`
 */
async function demandSaying({ db, organisation, person, clock }: HandlerContext, date: SeminarDate): Promise<void> {
  const now = clock.now();
  const params = { title: words(date.title) };
  if (now < date.endsAt) throw new BellhopError('seminars.opinion_early', { ...params, from: instant(date.endsAt) });
  if (now >= opinionsClose(date)) throw new BellhopError('seminars.opinion_late', { ...params, until: instant(opinionsClose(date)) });
  if (date.hostId === person.id) throw new BellhopError('seminars.opinion_host', params);
  const attendance = await findAttendance(db, organisation.id, date.id, person.id);
  if (date.state === 'cancelled' || !attendance?.attended) throw new BellhopError('seminars.opinion_not_there', params);
  if (await hasGiven(db, organisation.id, date.id, person.id)) throw new BellhopError('seminars.opinion_given', params);
}

const sayOpen = action({
  id: 'seminars.say_open',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    await demandSaying(context, await demandDate(context, dateId));
    return open(within.sayForm(dateId));
  },
});

const SayInput = z.object({
  useful: z.enum(['1', '2', '3', '4', '5'], 'seminars.errors.opinion_score').transform((typed) => SCORES[Number(typed) - 1] ?? 3),
  change: paragraphInput.pipe(z.string().max(MOST.words, 'seminars.errors.opinion_long')),
});

const say = form({
  id: 'seminars.say',
  role: 'employee',
  payload: DateRef,
  input: SayInput,
  build: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    return {
      title: key('seminars.say.title'),
      submit: key('seminars.say.submit'),
      intro: [{ kind: 'paragraph', text: key('seminars.say.intro', { title: words(date.title) }) }],
      fields: [
        {
          kind: 'choice',
          name: 'useful',
          label: key('seminars.say.useful'),
          style: 'radio',
          options: SCORES.toReversed().map((score) => ({ value: String(score), label: SCORE_KEYS[score] })),
        },
        {
          kind: 'text',
          name: 'change',
          label: key('seminars.say.change'),
          hint: key('seminars.say.change_hint'),
          optional: true,
          multiline: true,
          maxLength: Math.min(MOST.words, MAX_FIELD_CHARACTERS),
        },
      ],
    };
  },
  // Neither the answer nor anything that is kept of this act holds a score or a word: dispatch notes what is returned.
  submit: async (context, { payload: { dateId }, input }) => {
    const { db, organisation, person } = context;
    const date = await demandDate(context, dateId);
    await demandSaying(context, date);
    const who = { organisationId: organisation.id, dateId, personId: person.id };
    const added = await inTransaction(db, async (tx) => await addOpinion(tx, who, { score: input.useful, words: input.change }));
    if (!added) throw new BellhopError('seminars.opinion_given', { title: words(date.title) });
    return whisper(thanksCard(date));
  },
});

const opinions = action({
  id: 'seminars.opinions',
  role: 'employee',
  payload: OpinionRows,
  run: async (context, { dateId, offset, turn }) => {
    const { db, organisation, clock, reader } = context;
    const date = await demandOwnDate(context, dateId);
    const said = await findOpinions(db, organisation.id, dateId);
    const picture = offset === 0 ? await drawOpinions(context, said, reader) : undefined;
    const pictureId = picture && (await inTransaction(db, async (tx) => await keepChart(tx, organisation.id, picture, clock.now())));
    const card = opinionsCard(date, said, pictureId, offset);
    return turn ? update(card) : whisper(card);
  },
});

export const opinionActions = [sayOpen, opinions];
export const opinionForms = [say];
