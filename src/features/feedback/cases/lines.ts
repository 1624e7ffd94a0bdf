import { type ButtonAction, button, type Fact } from '../../../core/card.js';
import { instant, key, number, person, type Text } from '../../../core/text.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { caseName, priorityLabel } from '../labels.js';
import type { Case, Said } from '../model.js';
import { to } from '../refs.js';
import { noWayTo } from '../replying/address.js';
import { giveBackRef } from './refs.js';
import { isActive, isClosable, isOverdue, worksOn } from './rules.js';

type Of = Pick<Said, 'id' | 'contactSealed'>;
/** Who will see a card: a handler's own context does. */
export type Viewer = Pick<HandlerContext, 'role'> & { readonly person: Pick<HandlerContext['person'], 'id'> };
type Ways = Pick<WorkContext, 'clock' | 'vault' | 'sendsMail' | 'publicUrl'>;

/** Whether this feedback's own case was merged into this one. */
const wentInto = (it: Case, feedback: Pick<Said, 'id'>): boolean => it.feedbackId !== feedback.id;

/** Who looks after it, or how it ended: "nobody has taken it yet". */
export function stateText(it: Case): Text {
  const resolver = it.resolverName === null ? key('feedback.case.somebody') : person(it.resolverName);
  switch (it.state) {
    case 'open':
      return key('feedback.case.state.open');
    case 'claimed':
      return key('feedback.case.state.claimed', { person: it.ownerName === null ? key('feedback.case.somebody') : person(it.ownerName) });
    case 'resolved':
      return it.askedAt === null
        ? key('feedback.case.state.resolved', { person: resolver })
        : key('feedback.case.state.asked', { person: resolver });
    case 'closed':
      return closedText(it);
  }
}

function closedText(it: Case): Text {
  switch (it.outcome) {
    case 'confirmed':
      return key('feedback.case.state.confirmed');
    case 'merged':
      return key('feedback.case.state.merged');
    default:
      return key('feedback.case.state.unconfirmed');
  }
}

/** "overdue since Monday 14:00", "rests until 3 March", or the due time alone. */
export function dueText(it: Case, now: Date): Text {
  if (it.pausedUntil !== null) return key('feedback.case.rests_until', { until: instant(it.pausedUntil) });
  return isOverdue(it, now) ? key('feedback.case.overdue_since', { due: instant(it.dueAt) }) : instant(it.dueAt);
}

/**
 * What a card tells of a case, four facts at most.
 * @param feedback on whose card they stand: one whose case was merged into this one leads on to it
 */
export function caseFacts({ clock }: Pick<WorkContext, 'clock'>, it: Case, feedback: Pick<Said, 'id'>): Fact[] {
  const label = caseName(it);
  if (wentInto(it, feedback)) return [{ label, value: key('feedback.case.goes_on') }];
  const facts: Fact[] = [{ label, value: stateText(it) }];
  if (isActive(it)) {
    facts.push(
      it.pausedUntil === null
        ? { label: key('feedback.case.due'), value: dueText(it, clock.now()) }
        : { label: key('feedback.case.rests'), value: instant(it.pausedUntil) },
    );
    facts.push({ label: key('feedback.case.priority'), value: priorityLabel(it.priority) });
  }
  if (it.state === 'resolved' && it.askedAt !== null && it.closableAt !== null) {
    facts.push({ label: key('feedback.case.waits_until'), value: instant(it.closableAt) });
  }
  if (it.satisfaction !== null) {
    facts.push({ label: key('feedback.case.satisfaction'), value: key('feedback.case.of_five', { value: number(it.satisfaction) }) });
  }
  return facts;
}

/**
 * What can be done about a case, the most needed first; what can't be done isn't there.
 * @param feedback on whose card they stand
 * @param viewer who will see them; left out for a card that many see: what any of them may do then
 */
export function caseButtons(context: Ways, it: Case, feedback: Of, viewer?: Viewer): ButtonAction[] {
  const { id } = it;
  if (wentInto(it, feedback)) return [button(key('feedback.case.open_other', { case: caseName(it) }), to.case(id), { style: 'primary' })];
  const works = viewer === undefined || worksOn(it, { id: viewer.person.id, role: viewer.role });
  const way = noWayTo(context, feedback);
  // Where only the bot can't send e-mails yet, the button says what is to be set up.
  const hasAddress = way !== 'no_contact' && way !== 'no_email';
  const reply = hasAddress && works ? [button(key('feedback.case.reply'), to.reply(id))] : [];
  const note = button(key('feedback.case.note'), to.note(id));
  const history = button(key('feedback.case.history'), to.history(id));
  if (it.state === 'closed') return [history, note];
  if (it.state === 'resolved') {
    const now = context.clock.now();
    const closable = viewer ? isClosable(it, viewer.person.id, now) : it.closableAt !== null && it.closableAt <= now;
    return [...(closable ? [closeButton(it)] : []), ...reply, note, history];
  }
  const paused = it.pausedUntil !== null;
  const rest = works
    ? [
        paused ? button(key('feedback.case.resume'), to.resume(id)) : button(key('feedback.case.pause'), to.pause(id)),
        button(key('feedback.case.change_priority'), to.priority(id)),
        button(key('feedback.case.merge'), to.merge(id)),
      ]
    : [];
  const assign = button(key('feedback.case.assign'), to.assign(id));
  if (it.ownerId === null) {
    return [button(key('feedback.case.claim'), to.claim(id), { style: 'primary' }), assign, note, ...rest, history];
  }
  if (!works) return [note, history];
  const resolve = button(key('feedback.case.resolve'), to.resolve(id), { style: 'primary' });
  return [...reply, resolve, note, assign, ...rest, button(key('feedback.case.give_back'), giveBackRef(it)), history];
}

function closeButton(it: Case): ButtonAction {
  return button(key('feedback.case.close'), to.close(it.id), {
    style: 'primary',
    confirm: {
      title: key('feedback.case.close_title'),
      text: key('feedback.case.close_text', { case: caseName(it) }),
      yes: key('feedback.case.close'),
      no: key('core.ui.cancel'),
    },
  });
}
