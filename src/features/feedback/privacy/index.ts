import type { Part } from '../part.js';
import { customerActions, customerVerbs } from './customer.js';
import { keepingActions, keepingForms } from './keeping.js';
import { privacyCardActions } from './privacy-card.js';
import { retentionSweep } from './retention.js';

/**
 * What is kept of customers, for how long, and what they agreed to; a customer's own data found, handed out and erased. What employees
 * wrote is erased with them by the parts that keep it: notes by cases/, reasons of looks at contacts by posting/.
 */
export const privacyPart: Part = {
  verbs: customerVerbs,
  actions: [...privacyCardActions, ...keepingActions, ...customerActions],
  forms: keepingForms,
  sweeps: [retentionSweep],
};
