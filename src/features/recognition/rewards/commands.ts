import { BellhopError } from '../../../core/errors.js';
import type { CommandInput, Verb } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { open as openForm, type Reply, whisper } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { key, select, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { awayCommand } from './away.js';
import { exportCommand } from './export.js';
import { pictureByCommand, showManaged } from './keeping.js';
import { catalogue, managed, mine, open } from './looking.js';

function demandManager(context: HandlerContext): void {
  if (!hasRole(context.role, 'manager')) throw new BellhopError('core.role_needed', { role: select('manager') });
}

/** `/kudos rewards`, and what managers and owners of a redemption do with a word behind it. */
async function rewardsCommand(context: HandlerContext, { tokens, text, files }: CommandInput): Promise<Reply> {
  const [first] = tokens;
  const named = first?.kind === 'word' ? first.text : '';
  switch (named.toLowerCase()) {
    case '':
      return whisper(await catalogue(context, 0));
    case 'mine':
      return whisper(await mine(context, 0));
    case 'open':
      return whisper(await open(context, 0));
    case 'add':
      demandManager(context);
      return openForm(ref('recognition.reward_edit'));
    case 'manage':
      demandManager(context);
      return whisper(await managed(context, 0));
    case 'picture': {
      demandManager(context);
      const rewardId = await pictureByCommand(context, text.slice(named.length).trim(), files[0]);
      return whisper(await showManaged(context, rewardId, key('recognition.manage.pictured')));
    }
    default:
      throw new BellhopError('recognition.rewards_verb', {
        verb: words(named),
        verbs: words(VERBS[hasRole(context.role, 'manager') ? 'manager' : 'employee']),
      });
  }
}

const VERBS = { employee: 'mine', manager: 'mine, open, add, manage, picture' } as const;

export const rewardVerbs: readonly Verb<HandlerContext>[] = [
  { name: 'rewards', role: 'employee', usage: '[mine]', describe: key('recognition.command.rewards'), run: rewardsCommand },
  {
    name: 'export',
    role: 'manager',
    usage: 'movements|redemptions|values [YYYY]',
    describe: key('recognition.command.export'),
    run: exportCommand,
  },
  { name: 'away', role: 'employee', usage: '[YYYY-MM-DD @deputy]', describe: key('recognition.command.away'), run: awayCommand },
];
