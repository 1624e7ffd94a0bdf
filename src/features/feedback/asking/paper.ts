import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { file, open } from '../../../core/reply.js';
import { key, plain, type Text, words } from '../../../core/text.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import type { ComplaintCard, PaperScale } from '../../../people/ports.js';
import { questionLabel, spokenIn } from '../labels.js';
import { type Question, SCALE } from '../model.js';
import { surveyPath } from '../survey/addresses.js';
import { findLogo, findSurvey, type Survey } from '../survey/store-survey.js';
import { offeredLanguages } from '../survey/tongue.js';
import { demandPage, pageCard } from './pages-cards.js';
import { PageRef } from './refs.js';

const LAYOUTS = ['a6', 'a4'] as const;

/** @throws BellhopError `feedback.no_address`: a card leads to the page */
function demandAddress({ publicUrl }: Pick<HandlerContext, 'publicUrl'>): string {
  if (publicUrl === undefined) throw new BellhopError('feedback.no_address');
  return publicUrl;
}

const openForm = action({
  id: 'feedback.paper_open',
  role: 'manager',
  payload: PageRef,
  run: async (context, { pageId }) => {
    demandAddress(context);
    await demandPage(context, pageId);
    return open(ref('feedback.paper', { pageId }));
  },
});

const paperForm = form({
  id: 'feedback.paper',
  role: 'manager',
  payload: PageRef,
  input: z.object({
    language: z.string({ error: 'core.ui.required' }).min(2, 'core.ui.required').max(35, 'core.ui.required'),
    layout: z.enum(LAYOUTS).default('a6'),
  }),
  build: async (context, { pageId }) => {
    const { intro, thanks } = await demandPage(context, pageId);
    const languages = offeredLanguages(intro, thanks);
    const own = languages.find(({ locale }) => context.organisation.locale.toLowerCase().startsWith(locale));
    return {
      title: key('feedback.paper.form'),
      submit: key('feedback.paper.make'),
      intro: [{ kind: 'paragraph', text: key('feedback.paper.intro') }],
      fields: [
        {
          kind: 'choice',
          name: 'language',
          label: key('feedback.paper.language'),
          options: languages.map(({ locale, label }) => ({ value: locale, label: words(label) })),
          initial: own?.locale ?? 'en',
        },
        {
          kind: 'choice',
          style: 'radio',
          name: 'layout',
          label: key('feedback.paper.layout'),
          options: [
            { value: 'a6', label: key('feedback.paper.a6') },
            { value: 'a4', label: key('feedback.paper.a4') },
          ],
          initial: 'a6',
        },
      ],
    };
  },
  submit: async (context, { payload: { pageId }, input: { language, layout } }) => {
    const { db, organisation, papers, log } = context;
    const publicUrl = demandAddress(context);
    const page = await demandPage(context, pageId);
    const survey = await findSurvey(db, organisation.id, page.slug);
    if (!survey) throw new BellhopError('feedback.page_gone');
    const logo = survey.logoPictureId === null ? undefined : await findLogo(db, organisation.id, survey.logoPictureId);
    const url = `${publicUrl}${surveyPath(page.slug, { byCard: true })}`;
    const card: ComplaintCard = { ...paperOf(context, survey, language), url, layout, ...(logo && { logo: logo.content }) };
    const content = await papers.complaintCard(card).catch((error: unknown) => {
      log.warn({ err: error, pageId }, 'A complaint card could not be drawn.');
      throw new BellhopError('feedback.paper_failed');
    });
    const name = `complaint-card-${page.slug}-${language.replace(/[^\w-]/g, '')}-${layout}.pdf`;
    return file({ name, mime: 'application/pdf', content }, await pageCard(context, pageId, key('feedback.paper.ready')));
  },
});

/** What a page's card says, in one language. */
function paperOf(
  { organisation, localise }: Pick<HandlerContext, 'organisation' | 'localise'>,
  survey: Survey,
  locale: string,
): Omit<ComplaintCard, 'url'> {
  const say = (text: Text): string => plain(localise(text, { locale, zone: organisation.zone }));
  const label = (question: Question) => say(questionLabel(question, locale, organisation.locale));
  const lead = spokenIn(survey.intro, locale, organisation.locale)?.text ?? say(key('feedback.paper.lead'));
  const consent = survey.consent && spokenIn(survey.consent.texts, locale, organisation.locale);
  const ends = {
    five: { low: say(key('feedback.survey.five_low')), high: say(key('feedback.survey.five_high')) },
    nps: { low: say(key('feedback.survey.nps_low')), high: say(key('feedback.survey.nps_high')) },
  };
  const scales = survey.asked.flatMap((question): PaperScale[] => {
    if (question.kind === 'open') return [];
    const isNps = question.kind === 'nps';
    return [
      {
        label: label(question),
        kind: question.kind === 'smileys' ? 'smileys' : 'numbers',
        ...SCALE[question.kind],
        ...(isNps ? ends.nps : ends.five),
      },
    ];
  });
  return {
    locale,
    organisation: organisation.name,
    place: survey.name === organisation.name ? '' : survey.name,
    headline: say(key('feedback.survey.title')),
    lead,
    scan: say(key('feedback.paper.scan')),
    write: say(key('feedback.paper.write')),
    scales,
    questions: survey.asked.filter(({ kind }) => kind === 'open').map(label),
    ...(survey.asksContact &&
      consent && {
        contact: {
          heading: say(key('feedback.paper.contact')),
          fields: [say(key('feedback.survey.name')), say(key('feedback.paper.reach'))],
          consent: consent.text,
        },
      }),
    handIn: say(key('feedback.paper.hand_in')),
    footer: `${organisation.name} · ${survey.slug}`,
    ...(survey.colour !== null && { colour: survey.colour }),
  };
}

export const paperActions = [openForm];
export const paperForms = [paperForm];
