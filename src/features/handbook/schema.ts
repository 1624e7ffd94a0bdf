import { z } from 'zod';
import type { FileHandle, PersonHint } from '../../core/form.js';
import { cleanLine, cleanText } from './canonical.js';
import { nameProblem } from './rules.js';

const id = z.uuid();
const page = z.number().int().min(1).max(100_000);
const offset = z.number().int().min(0).max(1_000_000);

/** Payloads of buttons, forms, messages and jobs. */
export const Nothing = z.object({});
export const AssignmentRef = z.object({ assignmentId: id });
export const AssignmentPage = z.object({ assignmentId: id, page });
export const VersionRef = z.object({ versionId: id });
export const VersionPageRef = z.object({ versionId: id, page });
export const VersionRows = z.object({ versionId: id, offset });
export const Rows = z.object({ offset });
/** Without `all`: the only published document's status, if there is just one. */
export const DocumentRows = z.object({ offset, all: z.boolean().optional() });
export const PersonRows = z.object({ personId: id, offset });
export const QuestionRef = z.object({ questionId: id });
/** What a form of publishing begins with: a version of a document, or a draft that is changed. */
export const PublishRef = z.object({ documentId: id.optional(), draftId: id.optional() });
/** Without `source` and `key`: something that the version is not for yet. */
export const ReasonRef = z.object({ versionId: id, source: z.string().max(100).optional(), key: z.string().max(500).optional() });
/** `stage` 0: reminded by a manager. */
export const ReminderRef = z.object({ assignmentId: id, stage: z.number().int().min(0).max(18) });
export const OverdueRef = z.object({ personId: id });
export const CloseJob = z.object({ versionId: id });
export const RemindJob = z.object({ versionId: id, day: z.string() });

const optionalText = z.string().default('').transform(cleanText);

const line = (empty: string, tooLong: string, longest: number) =>
  z
    .string({ error: empty })
    .transform(cleanText)
    .superRefine((typed, issues) => {
      if (typed === '') issues.addIssue({ code: 'custom', message: empty });
      if (typed.length > longest) issues.addIssue({ code: 'custom', message: tooLong });
    });

const files = z.custom<readonly FileHandle[]>((value) => value === undefined || Array.isArray(value)).optional();
const people = z.custom<readonly PersonHint[]>((value) => value === undefined || Array.isArray(value)).optional();

/** What is looked up in the database, or depends on the day, is checked by publish-form.ts. */
export const PublishInput = z.object({
  document: z.string().optional(),
  title: z.string().default('').transform(cleanLine),
  source: z.string().optional(),
  text: optionalText,
  file: files,
  audience: z.string({ error: 'handbook.errors.audience_missing' }),
  channel: z.string().optional(),
  people,
  effective: z.string({ error: 'handbook.errors.effective_missing' }),
  due: z.string({ error: 'handbook.errors.due_missing' }),
  statement: line('handbook.errors.statement_missing', 'handbook.errors.statement_long', 1000),
});

const NAME_PROBLEMS = {
  name_link: 'handbook.errors.name_link',
  name_digits: 'handbook.errors.name_digits',
  name_short: 'handbook.errors.name_short',
  name_long: 'handbook.errors.name_long',
} as const;

export const SignInput = z.object({
  name: z
    .string({ error: 'handbook.errors.name_short' })
    .transform(cleanLine)
    .superRefine((typed, issues) => {
      const problem = nameProblem(typed);
      if (problem) issues.addIssue({ code: 'custom', message: NAME_PROBLEMS[problem] });
    }),
  // Not `boolean().optional().refine()`: zod skips the refinement where the key is missing, and a box left empty would count as ticked.
  agree: z.literal(true, { error: 'handbook.errors.agreement_missing' }),
});

export const AskInput = z.object({
  clause: z.string({ error: 'handbook.errors.clause_missing' }),
  question: line('handbook.errors.question_missing', 'handbook.errors.text_long', 2000),
});
export const AnswerInput = z.object({ answer: line('handbook.errors.answer_missing', 'handbook.errors.text_long', 2000) });
export const ReasonInput = z.object({ reason: line('handbook.errors.reason_missing', 'handbook.errors.text_long', 1000) });
/** Which of them there are is looked up by forms-reasons.ts. */
export const ReasonsInput = z.object({ reason: z.string().default(''), clauses: z.array(z.string()).default([]) });
export const ExtendInput = z.object({ due: z.string({ error: 'handbook.errors.due_missing' }) });
