import type { Shortcut } from '../../../core/feature.js';
import { paragraph } from '../../../core/inputs.js';
import { primaryLanguage } from '../../../core/language.js';
import { type Ref, ref } from '../../../core/ref.js';
import { formErrors, open, whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { ensureDefaults } from '../defaults.js';
import type { Part } from '../part.js';
import { FeedbackRef, Nothing } from '../schema.js';
import { accept } from './accept.js';
import { draftOf, LogRef } from './log-draft.js';
import { logFields } from './log-fields.js';
import { entryCard, loggedCard } from './logged-card.js';
import { LogInput, readLog } from './read-log.js';
import { findConsentId } from './store-log.js';

/** The form, anew: what is typed into it is saved once. */
const newForm = ({ clock }: HandlerContext, message?: string): Ref => ref('feedback.log', draftOf(newId(clock.now()), message));

/** What a customer told one of the staff. */
const logForm = form({
  id: 'feedback.log',
  role: 'employee',
  payload: LogRef,
  input: LogInput,
  build: async (context, draft) => {
    await ensureDefaults(context);
    return {
      title: key('feedback.log.title'),
      submit: key('feedback.log.submit'),
      intro: [{ kind: 'paragraph', text: draft.words === undefined ? key('feedback.log.intro') : key('feedback.log.intro_message') }],
      fields: await logFields(context, draft),
    };
  },
  submit: async (context, { payload, input }) => {
    const { db, organisation, person, reader, clock } = context;
    const found = await readLog(context, input);
    if ('errors' in found) return formErrors(found.errors);
    const { contact = {} } = found.read;
    const consentId = Object.keys(contact).length > 0 ? await findConsentId(db, organisation.id) : undefined;
    const now = clock.now();
    const { agreed: _, people: __, ...typed } = input;
    const body = JSON.stringify([typed, found.read.concernIds]);
    const accepted = await inTransaction(db, async (tx) => {
      const taken = await accept(
        context,
        tx,
        {
          ...found.read,
          onceKey: `log:${payload.id}`,
          body,
          loggedById: person.id,
          ...(consentId !== undefined && { consent: { id: consentId, locale: primaryLanguage(reader.locale) } }),
        },
        now,
      );
      if (taken.isNew) {
        await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb: 'feedback.logged', subjectId: taken.id }, now);
      }
      return taken;
    });
    return whisper(loggedCard(accepted));
  },
});

const openLog = action({
  id: 'feedback.log_open',
  role: 'employee',
  payload: Nothing,
  run: async (context) => open(newForm(context)),
});

const showLogged = action({
  id: 'feedback.logged',
  role: 'employee',
  payload: FeedbackRef,
  run: async (context, { feedbackId }) => whisper(await entryCard(context, feedbackId)),
});

/** "Log customer feedback" in the menus, and at a message: what stands there is shown in the form, to be looked at before it is saved. */
const logShortcut: Shortcut<HandlerContext> = {
  id: 'feedback.log',
  role: 'employee',
  run: async (context, message) => open(newForm(context, message?.text === undefined ? undefined : paragraph(message.text))),
};

export const logVerbs: NonNullable<Part['verbs']> = [
  {
    name: 'log',
    role: 'employee',
    describe: key('feedback.log.describe'),
    run: async (context) => open(newForm(context)),
  },
];
export const logActions = [openLog, showLogged];
export const logForms = [logForm];
export const logShortcuts = [logShortcut];
