import type { Card } from '../../core/card.js';
import type { Block } from '../../core/rich.js';
import { hasRole } from '../../core/roles.js';
import { commandWords, join, key } from '../../core/text.js';
import type { HandlerContext } from '../../people/handlers.js';

/** Every command of the registry that this person may use, a line each. */
export function helpCard(context: HandlerContext): Card {
  const body: Block[] = [];
  for (const command of context.registry.commands.values()) {
    const lines = command.verbs
      .filter((verb) => hasRole(context.role, verb.role))
      // Once the organisation is set up there is nothing left to claim.
      .filter((verb) => !(command.name === 'bellhop' && verb.name === 'claim' && context.organisation.firstRunDone))
      .map((verb) =>
        key('bellhop.help.line', {
          command: commandWords(context.actor.platform, command.name, [verb.name, verb.usage].filter(Boolean).join(' ')),
          what: verb.describe,
        }),
      );
    if (lines.length === 0) continue;
    body.push({ kind: 'heading', text: commandWords(context.actor.platform, command.name) });
    body.push({ kind: 'paragraph', text: join(lines, '\n') });
  }
  return { summary: key('bellhop.help.title'), title: key('bellhop.help.title'), lead: key('bellhop.help.lead'), body };
}
