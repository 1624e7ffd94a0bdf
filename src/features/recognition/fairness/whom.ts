import { BellhopError } from '../../../core/errors.js';
import type { PersonHint } from '../../../core/form.js';
import type { CommandToken } from '../../../core/interaction.js';
import { words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { Person } from '../../../people/model.js';
import { namedPeople } from '../giving/people-named.js';

/** What people write between names, in the languages that there are. */
const BETWEEN = /^(?:,|;|&|\+|and|un)$/i;

/** Mentions and typed names in the order in which they stand: `@ana, Ben Ozols and carl@example.com`. */
export function hintsOf(tokens: readonly CommandToken[]): readonly PersonHint[] {
  const hints: PersonHint[] = [];
  let name: string[] = [];
  const end = () => {
    if (name.length > 0) hints.push({ by: 'typed', typed: name.join(' ') });
    name = [];
  };
  for (const token of tokens) {
    if (token.kind === 'person') {
      end();
      hints.push(token.hint);
    } else if (token.kind === 'word') {
      if (BETWEEN.test(token.text)) end();
      else {
        if (token.text.startsWith('@')) end();
        const typed = token.text.replace(/^@/, '').replace(/[,;]+$/, '');
        if (typed !== '') name.push(typed);
        if (/[,;]$/.test(token.text)) end();
      }
    }
  }
  end();
  return hints;
}

/**
 * Whom these hints name.
 * @throws BellhopError `recognition.whom_unknown`, `recognition.whom_unsure`, `recognition.whom_outside`
 */
export async function peopleOf(context: HandlerContext, hints: readonly PersonHint[]): Promise<readonly Person[]> {
  const { people, unsure, unknown, outside } = await namedPeople(context, hints);
  const [nobody, several] = [unknown[0], unsure[0]];
  if (nobody !== undefined) throw new BellhopError('recognition.whom_unknown', { typed: words(nobody) });
  if (several !== undefined) throw new BellhopError('recognition.whom_unsure', { typed: words(several) });
  if (outside.length > 0) throw new BellhopError('recognition.whom_outside');
  return people;
}
