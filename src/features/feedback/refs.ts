import { ref } from '../../core/ref.js';

/** Where buttons of feedback lead: ids of the registry with their payloads. The owner of a part registers them. */
export const to = {
  // cases/
  mine: (offset = 0) => ref('feedback.mine', { offset }),
  open: (offset = 0) => ref('feedback.open', { offset }),
  case: (caseId: string) => ref('feedback.case', { caseId }),
  claim: (caseId: string) => ref('feedback.claim', { caseId }),
  history: (caseId: string, offset = 0) => ref('feedback.history', { caseId, offset }),
  note: (caseId: string) => ref('feedback.note_open', { caseId }),
  assign: (caseId: string) => ref('feedback.assign_open', { caseId }),
  pause: (caseId: string) => ref('feedback.pause_open', { caseId }),
  resume: (caseId: string) => ref('feedback.resume', { caseId }),
  merge: (caseId: string) => ref('feedback.merge_open', { caseId }),
  resolve: (caseId: string) => ref('feedback.resolve_open', { caseId }),
  /** Closes as unconfirmed. */
  close: (caseId: string) => ref('feedback.close', { caseId }),
  priority: (caseId: string) => ref('feedback.priority_open', { caseId }),
  /** Makes a case of feedback that has none. */
  openCase: (feedbackId: string) => ref('feedback.case_open', { feedbackId }),
  // replying/
  reply: (caseId: string) => ref('feedback.reply_open', { caseId }),
  // posting/
  /** One piece of feedback with everything that can be done about it. */
  entry: (feedbackId: string) => ref('feedback.entry', { feedbackId }),
  bundle: (bundleId: string, offset = 0) => ref('feedback.bundled', { bundleId, offset }),
  contact: (feedbackId: string) => ref('feedback.contact_open', { feedbackId }),
  // sorting/
  waiting: (offset = 0) => ref('feedback.waiting', { offset }),
  /** Not spam after all. */
  real: (feedbackId: string) => ref('feedback.real', { feedbackId }),
  spam: (feedbackId: string) => ref('feedback.spam', { feedbackId }),
  /** The words may be shown in the channel. */
  clear: (feedbackId: string) => ref('feedback.clear', { feedbackId }),
  /** Whom it is about, and of which kind it is. */
  concerns: (feedbackId: string) => ref('feedback.concerns_open', { feedbackId }),
  // themes/
  themes: (offset = 0) => ref('feedback.themes', { offset }),
  theme: (themeId: string) => ref('feedback.theme', { themeId }),
  /** Which themes this feedback is about. */
  about: (feedbackId: string) => ref('feedback.about', { feedbackId }),
  // rules/
  rules: (offset = 0) => ref('feedback.rules', { offset }),
  // asking/
  pages: (offset = 0) => ref('feedback.pages', { offset }),
  page: (pageId: string) => ref('feedback.page', { pageId }),
  questions: (offset = 0) => ref('feedback.questions', { offset }),
  // intake/
  log: () => ref('feedback.log_open'),
  // hooks/
  keys: (offset = 0) => ref('feedback.keys', { offset }),
  // talks/
  talks: (offset = 0) => ref('feedback.talks', { offset }),
  talk: (talkId: string) => ref('feedback.talk', { talkId }),
  // reporting/
  report: () => ref('feedback.report', {}),
  // settings/
  settings: () => ref('feedback.settings', {}),
} as const;
