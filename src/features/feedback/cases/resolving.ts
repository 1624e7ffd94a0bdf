import type { Option } from '../../../core/form.js';
import { formErrors } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { dueAfterPause } from '../following/due.js';
import { caseName, themeLabel } from '../labels.js';
import { MOST } from '../model.js';
import { shortWords } from '../posting/said-parts.js';
import { askCustomer } from '../replying/ask.js';
import { demandCase } from '../rights.js';
import { CaseRef } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { loadThemes } from '../themes/store-themes.js';
import { changeCase, type Happened } from './changing.js';
import { foundWords } from './event-lines.js';
import { endOfPause } from './pausing.js';
import { resolve } from './rules.js';
import { ResolveInput } from './schema.js';
import { showCase } from './show.js';

export const resolveForm = form({
  id: 'feedback.resolve',
  role: 'employee',
  payload: CaseRef,
  input: ResolveInput,
  build: async (context, { caseId }) => {
    const { case: it, feedback } = await demandCase(context, caseId);
    const themes = await themeOptions(context);
    const said = shortWords(feedback);
    // What was thought when it was resolved before, else what the customer speaks of.
    const theme = it.causeThemeId ?? (feedback.themes.length === 1 ? feedback.themes[0]?.id : undefined);
    return {
      title: key('feedback.resolve.title'),
      submit: key('feedback.resolve.submit'),
      intro: [
        ...(said ? [{ kind: 'quote', text: said } as const] : []),
        { kind: 'paragraph', text: key('feedback.resolve.intro', { case: caseName(it) }) },
      ],
      fields: [
        {
          kind: 'text',
          name: 'cause',
          label: key('feedback.resolve.cause'),
          hint: key('feedback.resolve.cause_hint'),
          multiline: true,
          maxLength: MOST.rootCause,
          ...(it.rootCause !== '' && { initial: it.rootCause }),
        },
        ...(themes.length === 0
          ? []
          : [
              {
                kind: 'choice',
                name: 'theme',
                label: key('feedback.resolve.theme'),
                optional: true,
                options: themes,
                ...(themes.some(({ value }) => value === theme) && theme ? { initial: theme } : {}),
              } as const,
            ]),
        {
          kind: 'text',
          name: 'action',
          label: key('feedback.resolve.action'),
          hint: key('feedback.resolve.action_hint'),
          multiline: true,
          maxLength: MOST.actionTaken,
          ...(it.actionTaken !== '' && { initial: it.actionTaken }),
        },
      ],
    };
  },
  submit: async (context, { payload: { caseId }, input: { cause, theme, action } }) => {
    const errors = {
      ...(cause === '' && { cause: key('feedback.errors.cause_missing') }),
      ...(cause.length > MOST.rootCause && { cause: key('feedback.errors.too_long', { most: MOST.rootCause }) }),
      ...(action === '' && { action: key('feedback.errors.action_missing') }),
      ...(action.length > MOST.actionTaken && { action: key('feedback.errors.too_long', { most: MOST.actionTaken }) }),
    };
    if (Object.keys(errors).length > 0) return formErrors(errors);
    const known = (await themeOptions(context)).some(({ value }) => value === theme);
    const how = { rootCause: cause, causeThemeId: known ? theme : null, actionTaken: action };
    const { person, role, organisation } = context;
    const changed = await changeCase(context, caseId, async (tx, { case: it, feedback }, now) => {
      const who = { id: person.id, role };
      const { silentDays } = await loadSettings(tx, organisation);
      const dueAt = await dueAfterPause(tx, organisation, it, now);
      // First without asking, so that nobody is asked about what can't be resolved.
      resolve(it, who, how, { askedAt: null, silentDays, dueAt, now });
      const askedAt = await askCustomer(context, tx, it, feedback, now);
      const paused: Happened[] = it.pausedUntil === null ? [] : [await endOfPause(context, tx, it, person.id, now)];
      const told: Happened = { actorId: person.id, kind: 'resolved', ...foundWords(cause, action) };
      const asked: Happened[] = askedAt === null ? [] : [{ actorId: null, kind: 'asked' }];
      return { change: resolve(it, who, how, { askedAt, silentDays, dueAt, now }), events: [...paused, told, ...asked] };
    });
    const lead = changed.case.askedAt === null ? 'feedback.resolve.resolved' : 'feedback.resolve.resolved_asked';
    return await showCase(context, changed, key(lead, { case: caseName(changed.case) }));
  },
});

async function themeOptions({ db, organisation, reader }: HandlerContext): Promise<Option[]> {
  const themes = await loadThemes(db, organisation.id);
  return themes.map((theme) => ({ value: theme.id, label: themeLabel(theme, reader.locale, organisation.locale) }));
}
