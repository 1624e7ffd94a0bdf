import type { Part } from '../part.js';
import { logoVerb, lookActions, lookForms } from './look.js';
import { pageForm } from './page-form.js';
import { pagesActions, pagesVerb } from './pages.js';
import { paperActions, paperForms } from './paper.js';
import { questionForm } from './question-form.js';
import { questionsActions, questionsVerb } from './questions.js';

/** What customers are asked: survey pages, their questions, how they look, and the cards to print. */
export const askingPart: Part = {
  verbs: [pagesVerb, questionsVerb, logoVerb],
  actions: [...pagesActions, ...paperActions, ...questionsActions, ...lookActions],
  forms: [pageForm, ...paperForms, questionForm, ...lookForms],
};
