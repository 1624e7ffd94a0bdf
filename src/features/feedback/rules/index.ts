import { whisper } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { key } from '../../../core/text.js';
import type { Part } from '../part.js';
import { brokenCard, listCard, lostCard, ruleActions } from './actions.js';
import { ruleForm } from './edit.js';
import { testForm } from './test-form.js';

/** Where feedback goes: rules that managers keep and try out in chat. */
export const rulesPart: Part = {
  verbs: [
    {
      name: 'rules',
      role: 'manager',
      describe: key('feedback.rules.describe'),
      run: async (context) => whisper(await listCard(context, 0)),
    },
  ],
  actions: ruleActions,
  forms: [ruleForm, testForm],
  home: async (context) => {
    if (!hasRole(context.role, 'manager')) return [];
    const cards = await Promise.all([lostCard(context), brokenCard(context)]);
    return cards.flatMap((card) => (card ? [{ slot: 'managers' as const, card }] : []));
  },
};
