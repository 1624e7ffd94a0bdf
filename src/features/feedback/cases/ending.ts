import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { dueOf } from '../following/due.js';
import { whomToTell } from '../following/whom.js';
import { loadSettings } from '../store-settings.js';
import { changeCaseIn, type Standing } from './changing.js';
import { confirm, higher, mayReopen, reopen } from './rules.js';

export interface CustomerSays {
  /** How it was put right, 1 to 5; undefined when not told. */
  readonly satisfaction?: number;
  /** In the customer's own words. */
  readonly words?: string;
  /** Another customer says it, whose case went into this one. The words are theirs: they lie with their case's message alone. */
  readonly from?: { readonly caseId: string; readonly messageId: string };
}

/** What the history keeps of it beside the words. */
const dataOf = ({ satisfaction, from }: CustomerSays) => ({
  ...(satisfaction !== undefined && { satisfaction }),
  ...(from !== undefined && { from: from.caseId, messageId: from.messageId }),
});

/**
 * The customer isn't content with how it was put right: the case goes on, one step more urgent, due anew, with its owner (with
 * nobody, if that one has left), who is told. Once; a second time it is written down, and the case stays as it is.
 * @returns whether it was reopened
 * @throws BellhopError `feedback.case_gone`
 */
export async function reopenCase(context: WorkContext, tx: Tx, caseId: string, now: Date, says: CustomerSays = {}): Promise<boolean> {
  const { organisation } = context;
  const satisfaction = says.satisfaction ?? null;
  const told = { actorId: null, words: says.words ?? '', data: dataOf(says) };
  const another = says.from !== undefined;
  let reopened = false;
  await changeCaseIn(
    context,
    tx,
    caseId,
    async (_, standing) => {
      const before = standing.case;
      const tell = await listeners(context, tx, standing);
      reopened = mayReopen(before, another);
      if (!reopened) return { change: { satisfaction: satisfaction ?? before.satisfaction }, events: [{ ...told, kind: 'unhappy', tell }] };
      const priority = higher(before.priority);
      const change = reopen(
        before,
        tell.includes(before.ownerId ?? ''),
        await dueOf(tx, organisation, before.locationId, priority, now),
        now,
        another,
      );
      if (!change) return null;
      const event = { ...told, kind: 'reopened', data: { ...told.data, priority }, tell } as const;
      return { change: { ...change, satisfaction: satisfaction ?? before.satisfaction }, events: [event] };
    },
    now,
  );
  return reopened;
}

/**
 * The customer says that it is put right: closed for good. A late word counts too, after it was closed without one.
 * @returns whether there was anything to confirm
 * @throws BellhopError `feedback.case_gone`
 */
export async function confirmCase(context: WorkContext, tx: Tx, caseId: string, now: Date, says: CustomerSays = {}): Promise<boolean> {
  const satisfaction = says.satisfaction ?? null;
  const { changed } = await changeCaseIn(
    context,
    tx,
    caseId,
    async (_, standing) => {
      const change = confirm(standing.case, satisfaction, now);
      if (!change) return null;
      const tell = await listeners(context, tx, standing);
      const told = { actorId: null, words: says.words ?? '', data: { ...dataOf(says), ...(says.from !== undefined && { right: 'yes' }) } };
      return { change, events: [{ ...told, kind: 'confirmed', tell }] };
    },
    now,
  );
  return changed;
}

/** Who hears of it: its owner, or whoever stands for one who is no longer here. */
async function listeners({ organisation }: WorkContext, tx: Tx, standing: Standing): Promise<readonly string[]> {
  const settings = await loadSettings(tx, organisation);
  return (await whomToTell({ db: tx, organisation, settings }, standing, 'owner')).map(({ id }) => id);
}
