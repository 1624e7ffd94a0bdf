import { z } from 'zod';
import { type Ref, ref } from '../../../core/ref.js';
import { Offset } from '../schema.js';

/** `turn`: it replaces the page before it. */
export const RulesPage = Offset.extend({ offset: z.number().int().min(0).default(0), turn: z.literal(true).optional() });
export const RuleRef = z.object({ ruleId: z.uuid() });
/** Null: a rule that isn't there yet; of a test, all rules. */
export const RuleOrNone = z.object({ ruleId: z.uuid().nullable() });
export const RuleMove = RuleRef.extend({ by: z.union([z.literal(-1), z.literal(1)]) });

/** Where buttons of rules lead that no other part has. */
export const ruleTo = {
  page: (offset: number): Ref => ref('feedback.rules', { offset, turn: true }),
  rule: (ruleId: string): Ref => ref('feedback.rule', { ruleId }),
  edit: (ruleId: string | null): Ref => ref('feedback.rule_edit_open', { ruleId }),
  move: (ruleId: string, by: -1 | 1): Ref => ref('feedback.rule_move', { ruleId, by }),
  remove: (ruleId: string): Ref => ref('feedback.rule_remove', { ruleId }),
  test: (ruleId: string | null): Ref => ref('feedback.rule_test_open', { ruleId }),
} as const;
