import { z } from 'zod';
import type { Field, FormErrors } from '../../../core/form.js';
import { lineInput, paragraphInput } from '../../../core/inputs.js';
import { formErrors, say, update } from '../../../core/reply.js';
import { key, type Text, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { questionLabel } from '../labels.js';
import { type ByLanguage, MOST, MOST_QUESTIONS, type Question } from '../model.js';
import { allLocations } from '../rules/store-names.js';
import { ASKED } from '../store-defaults.js';
import { addressOf, demandPage, pageCard } from './pages-cards.js';
import { PageForm } from './refs.js';
import { seenOf } from './seen.js';
import { anotherSlug, readSlug, slugOf } from './slug.js';
import { addPage, changePage, isSlugTaken, type KeptPage, lockPage, type PageDraft } from './store-pages.js';
import { listQuestions } from './store-questions.js';

/** Words above the questions and after them: more isn't read on a phone. */
const MOST_WORDS = 600;
const NOWHERE = 'none';

const PageInput = z.object({
  name: lineInput,
  slug: lineInput,
  location: z.string().default(NOWHERE),
  questions: z.array(z.string()).default([]),
  contact: z.boolean().default(false),
  servedBy: z.boolean().default(false),
  introEn: paragraphInput,
  introLv: paragraphInput,
  thanksEn: paragraphInput,
  thanksLv: paragraphInput,
});
type PageInput = z.output<typeof PageInput>;

async function fieldsOf(context: HandlerContext, page: KeptPage | undefined): Promise<Field[]> {
  const { db, organisation, reader, publicUrl } = context;
  const [questions, locations] = await Promise.all([listQuestions(db, organisation.id), allLocations(db, organisation.id)]);
  const active = questions.filter(({ retired }) => !retired);
  const chosen = active.filter(({ id, key: name }) => (page ? page.questionIds.includes(id) : ASKED.has(name)));
  const here = locations.find(({ id }) => id === page?.locationId);
  const text = (name: keyof PageInput, label: Text, initial: string | undefined): Field => ({
    kind: 'text',
    multiline: true,
    optional: true,
    name,
    label,
    maxLength: MOST_WORDS,
    ...(initial && { initial }),
  });
  const slug: Field = {
    kind: 'text',
    name: 'slug',
    label: key('feedback.page.slug'),
    hint: key('feedback.page.slug_hint', { address: words(addressOf(publicUrl, '')) }),
    optional: true,
    maxLength: MOST.slug,
  };
  return [
    {
      kind: 'text',
      name: 'name',
      label: key('feedback.page.name'),
      hint: key('feedback.page.name_hint'),
      maxLength: MOST.pageName,
      ...(page && { initial: page.name }),
    },
    ...(page ? [] : [slug]),
    {
      kind: 'choice',
      name: 'location',
      label: key('feedback.page.location'),
      options: [
        { value: NOWHERE, label: key('feedback.page.nowhere') },
        ...locations.map(({ id, name }) => ({ value: id, label: words(name) })),
      ],
      initial: here?.id ?? NOWHERE,
    },
    {
      kind: 'choices',
      name: 'questions',
      label: key('feedback.page.questions'),
      hint: key('feedback.page.questions_hint', { most: MOST_QUESTIONS }),
      options: active.map((question) => ({ value: question.id, label: questionLabel(question, reader.locale, organisation.locale) })),
      initial: chosen.map(({ id }) => id),
    },
    {
      kind: 'check',
      name: 'contact',
      label: key('feedback.page.contact'),
      text: key('feedback.page.contact_text'),
      optional: true,
      initial: page?.asksContact ?? true,
    },
    {
      kind: 'check',
      name: 'servedBy',
      label: key('feedback.page.served_by'),
      text: key('feedback.page.served_by_text'),
      optional: true,
      initial: page?.asksServedBy ?? false,
    },
    text('introEn', key('feedback.page.intro_en'), page?.intro.en),
    text('introLv', key('feedback.page.intro_lv'), page?.intro.lv),
    text('thanksEn', key('feedback.page.thanks_en'), page?.thanks.en),
    text('thanksLv', key('feedback.page.thanks_lv'), page?.thanks.lv),
  ];
}

/** Words in further languages stay as they are. */
function byLanguage(before: ByLanguage | undefined, en: string, lv: string): ByLanguage {
  const { en: _en, lv: _lv, ...others } = before ?? {};
  return { ...others, ...(en && { en }), ...(lv && { lv }) };
}

interface Known {
  readonly questions: readonly Question[];
  readonly locationIds: ReadonlySet<string>;
}

function check(
  input: PageInput,
  page: KeptPage | undefined,
  known: Known,
): { readonly draft: PageDraft } | { readonly errors: FormErrors } {
  const errors: Record<string, Text> = {};
  if (input.name === '') errors.name = key('core.ui.required');
  else if (input.name.length > MOST.pageName) errors.name = key('feedback.errors.page_long', { most: MOST.pageName });
  const questionIds = known.questions.filter(({ id, retired }) => !retired && input.questions.includes(id)).map(({ id }) => id);
  if (questionIds.length === 0) errors.questions = key('feedback.errors.page_questions_none');
  if (questionIds.length > MOST_QUESTIONS) errors.questions = key('feedback.errors.page_questions_many', { most: MOST_QUESTIONS });
  const locationId = input.location === NOWHERE ? null : input.location;
  if (locationId !== null && !known.locationIds.has(locationId)) errors.location = key('feedback.errors.page_location');
  for (const name of ['introEn', 'introLv', 'thanksEn', 'thanksLv'] as const) {
    if (input[name].length > MOST_WORDS) errors[name] = key('feedback.errors.page_long', { most: MOST_WORDS });
  }
  if (Object.keys(errors).length > 0) return { errors };
  return {
    draft: {
      name: input.name,
      locationId,
      questionIds,
      asksContact: input.contact,
      asksServedBy: input.servedBy,
      intro: byLanguage(page?.intro, input.introEn, input.introLv),
      thanks: byLanguage(page?.thanks, input.thanksEn, input.thanksLv),
    },
  };
}

/** The address of a new page: the one that was typed, when nobody has it; else one made of the name. */
async function freeSlug(tx: Tx, input: PageInput): Promise<{ readonly slug: string } | { readonly errors: FormErrors }> {
  if (input.slug !== '') {
    const slug = readSlug(input.slug);
    if (slug === undefined) return { errors: { slug: key('feedback.errors.slug', { most: MOST.slug }) } };
    return (await isSlugTaken(tx, slug)) ? { errors: { slug: key('feedback.errors.slug_taken', { slug: words(slug) }) } } : { slug };
  }
  const made = slugOf(input.name);
  return { slug: (await isSlugTaken(tx, made)) ? anotherSlug(made) : made };
}

/** A survey page: a new one, or one that is changed. Its address stays for ever, since it may be printed. */
export const pageForm = form({
  id: 'feedback.page_edit',
  role: 'manager',
  payload: PageForm,
  input: PageInput,
  build: async (context, { pageId }) => {
    const page = pageId ? await demandPage(context, pageId) : undefined;
    return {
      title: key(page ? 'feedback.page.form_change' : 'feedback.page.form_add'),
      submit: key('feedback.page.save'),
      ...(page && {
        intro: [
          { kind: 'paragraph', text: key('feedback.page.address_stays', { address: words(addressOf(context.publicUrl, page.slug)) }) },
        ],
      }),
      fields: await fieldsOf(context, page),
    };
  },
  submit: async (context, { payload: { pageId, seen }, input }) => {
    const { db, organisation, person, clock } = context;
    if (pageId) await demandPage(context, pageId);
    const [questions, locations] = await Promise.all([listQuestions(db, organisation.id), allLocations(db, organisation.id)]);
    const known: Known = { questions, locationIds: new Set(locations.map(({ id }) => id)) };
    const saved = await inTransaction(db, async (tx) => {
      const now = clock.now();
      const before = pageId ? await lockPage(tx, organisation.id, pageId) : undefined;
      const checked = check(input, before, known);
      const free = before || 'errors' in checked ? undefined : await freeSlug(tx, input);
      if ('errors' in checked) return checked;
      if (free && 'errors' in free) return free;
      const { draft } = checked;
      const id = before ? before.id : await addPage(tx, organisation.id, { ...draft, slug: free?.slug ?? '', createdById: person.id }, now);
      if (before) await changePage(tx, organisation.id, id, draft);
      const { locationId, asksContact, asksServedBy } = draft;
      const data = { locationId, asksContact, asksServedBy, questions: draft.questionIds.length };
      const verb = before ? 'feedback.page_changed' : 'feedback.page_added';
      await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: id, data }, now);
      return { id, over: before !== undefined && seen !== undefined && seen !== seenOf(before) };
    });
    if ('errors' in saved) return formErrors(saved.errors);
    if (!pageId) return say(await pageCard(context, saved.id, key('feedback.pages.added')));
    return update(await pageCard(context, pageId, key(saved.over ? 'feedback.pages.saved_over' : 'feedback.pages.saved')));
  },
});
