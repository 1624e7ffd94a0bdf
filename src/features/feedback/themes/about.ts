import { button, type Card, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { hasRole } from '../../../core/roles.js';
import { join, key, person as personText, type Text, words } from '../../../core/text.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { shown } from '../cases/show.js';
import type { Said } from '../model.js';
import { saidLine, shortWords } from '../posting/said-parts.js';
import { refreshFeedback } from '../refresh.js';
import { to } from '../refs.js';
import { demandFeedback } from '../rights.js';
import { findCase } from '../store-cases.js';
import { lockFeedback } from '../store-feedback.js';
import { namer } from './lines.js';
import { within } from './refs.js';
import { AboutRef, AboutSet } from './schema.js';
import { type About, listThemesOf, setAbout } from './store-about.js';
import { findTheme, loadAllThemes, type Theme } from './store-themes.js';
import { explainThemes } from './suggest.js';

/** Whether somebody who may read an entry may say what it is about: managers, who works on its case, the line of whom it is about. */
async function mayCorrect({ db, organisation, person, role }: HandlerContext, said: Said): Promise<boolean> {
  if (hasRole(role, 'manager') || said.state === 'private' || said.loggedById === person.id) return true;
  return said.caseId !== null && (await findCase(db, organisation.id, said.caseId))?.ownerId === person.id;
}

/** Which themes an entry is about, and because of what; a button for each takes it off or puts it on. */
async function aboutCard(context: HandlerContext, said: Said, offset: number): Promise<Card> {
  const { db, organisation, reader } = context;
  const [all, about, corrects] = await Promise.all([
    loadAllThemes(db, organisation.id),
    listThemesOf(db, organisation.id, said.id),
    mayCorrect(context, said),
  ]);
  const on = new Map(about.map((one) => [one.themeId, one]));
  const offered = all.filter(({ id, retired }) => on.has(id) || (corrects && !retired));
  const themes = [...offered.filter(({ id }) => on.has(id)), ...offered.filter(({ id }) => !on.has(id))];
  const because = new Map(
    explainThemes(
      all,
      said.words.map((one) => one.words),
    ).map(({ themeId, phrase }) => [themeId, phrase]),
  );
  const name = namer(reader.locale, organisation.locale);
  const rows = themes.slice(offset, offset + ROWS);
  const lead = on.size === 0 ? key('feedback.themes.about_none') : key('feedback.themes.about_lead', { count: on.size });
  const begins = shortWords(said);
  return {
    summary: lead,
    title: key('feedback.themes.about_title'),
    lead,
    body: [{ kind: 'paragraph', text: saidLine(said) }, ...(begins ? [{ kind: 'quote' as const, text: begins }] : [])],
    rows: rows.map((theme): Row => {
      const set = on.get(theme.id);
      const label = set ? key('feedback.themes.take_off') : key('feedback.themes.put_on');
      return {
        text: set ? key('feedback.themes.is_on', { theme: name(theme) }) : name(theme),
        detail: whyText(theme, set, because.get(theme.id)),
        ...(corrects && { action: button(label, within.set(said.id, theme.id, !set, offset)) }),
      };
    }),
    actions: [
      ...turnRows(offset, themes.length, (next) => within.about(said.id, next)),
      button(key('feedback.themes.to_entry'), to.entry(said.id)),
    ],
    ...shownFooter(offset, rows.length, themes.length),
  };
}

/** Who or what put a theme on, or that it isn't. */
function whyText({ retired }: Theme, set: About | undefined, phrase: string | undefined): Text {
  if (!set) return phrase === undefined ? key('feedback.themes.not_on') : key('feedback.themes.taken_off', { phrase: words(phrase) });
  if (set.byId !== null) {
    return set.byName ? key('feedback.themes.put_by', { name: personText(set.byName) }) : key('feedback.themes.put_by_somebody');
  }
  const because = phrase === undefined ? key('feedback.themes.because_before') : key('feedback.themes.because', { phrase: words(phrase) });
  return retired ? join([key('feedback.themes.retired'), because], ' · ') : because;
}

const look = action({
  id: 'feedback.about',
  role: 'employee',
  payload: AboutRef,
  run: async (context, { feedbackId, offset }) =>
    shown(context, await aboutCard(context, await demandFeedback(context, feedbackId), offset)),
});

const set = action({
  id: 'feedback.about_set',
  role: 'employee',
  payload: AboutSet,
  run: async (context, { feedbackId, themeId, on, offset }) => {
    const { db, organisation, person, clock } = context;
    if (!(await mayCorrect(context, await demandFeedback(context, feedbackId)))) throw new BellhopError('feedback.themes_not_yours');
    await inTransaction(db, async (tx) => {
      await lockFeedback(tx, organisation.id, feedbackId);
      const theme = await findTheme(tx, organisation.id, themeId);
      if (!theme || (on && theme.retired)) throw new BellhopError('feedback.theme_gone');
      await setAbout(tx, organisation.id, { feedbackId, themeId, on, byId: person.id });
      await refreshFeedback(tx, organisation.id, feedbackId, clock.now());
    });
    return shown(context, await aboutCard(context, await demandFeedback(context, feedbackId), offset));
  },
});

export const aboutActions = [look, set];
