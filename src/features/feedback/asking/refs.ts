import { z } from 'zod';
import { ref } from '../../../core/ref.js';

/** Payloads of this part. */
export const PageRef = z.object({ pageId: z.uuid() });
/** `seen`: how it stood when the form was opened. */
export const PageForm = z.object({ pageId: z.uuid().optional(), seen: z.string().max(20).optional() });
export const QuestionRef = z.object({ questionId: z.uuid() });
export const QuestionForm = z.object({ questionId: z.uuid().optional(), seen: z.string().max(20).optional() });
export const Move = QuestionRef.extend({ up: z.boolean() });
export const LookForm = z.object({ seen: z.string().max(20).optional() });

/** Where buttons of this part lead. */
export const askTo = {
  addPage: () => ref('feedback.page_open'),
  changePage: (pageId: string) => ref('feedback.page_open', { pageId }),
  pageForm: (pageId: string, seen: string) => ref('feedback.page_edit', { pageId, seen }),
  closePage: (pageId: string) => ref('feedback.page_close', { pageId }),
  reopenPage: (pageId: string) => ref('feedback.page_reopen', { pageId }),
  paper: (pageId: string) => ref('feedback.paper_open', { pageId }),
  question: (questionId: string) => ref('feedback.question', { questionId }),
  addQuestion: () => ref('feedback.question_open'),
  changeQuestion: (questionId: string) => ref('feedback.question_open', { questionId }),
  questionForm: (questionId: string, seen: string) => ref('feedback.question_edit', { questionId, seen }),
  move: (questionId: string, up: boolean) => ref('feedback.question_move', { questionId, up }),
  retire: (questionId: string) => ref('feedback.question_retire', { questionId }),
  restore: (questionId: string) => ref('feedback.question_restore', { questionId }),
  look: () => ref('feedback.look'),
  changeLook: () => ref('feedback.look_open'),
  lookForm: (seen: string) => ref('feedback.look_edit', { seen }),
  removeLogo: () => ref('feedback.logo_remove'),
} as const;
