import type { DispatchPorts } from '../core/dispatch.js';
import { surveyPath } from '../features/feedback/survey/addresses.js';
import { recordEvent } from '../people/audit.js';
import { ensureFirstOwner } from '../people/claim.js';
import { inTransaction, type Tx } from '../people/db.js';
import type { BellhopFeature, HandlerContext, Work } from '../people/handlers.js';
import { lockPeople } from '../people/lock.js';
import type { Organisation } from '../people/model.js';
import type { ReportDirectoryEvent } from '../people/ports.js';
import { guided } from './feature.js';
import { TENANT_ID } from './people.js';
import { type SeedOptions, seed } from './seed.js';
import { findSurveySlug } from './store.js';
import { takeOver } from './take-over.js';

type Resolve = DispatchPorts<HandlerContext>['resolve'];

export interface TrialOptions extends SeedOptions {
  /** Whether the Playground is the client. Without it the people of an earlier client are left as they are. */
  readonly playground: boolean;
  /** Who becomes the owner where another client than the Playground brings people of its own. */
  readonly ownerEmail: string | undefined;
}

/** What the local trial adds to the bot; main.ts says when each part is called. */
export interface Trial {
  /** What the registry has in place of the features. */
  features(features: readonly BellhopFeature[]): readonly BellhopFeature[];
  /** Before anything is served. */
  prepare(work: Work, organisation: Organisation): Promise<void>;
  resolve(resolve: Resolve): Resolve;
  report(report: ReportDirectoryEvent): ReportDirectoryEvent;
  /** The path of a survey page on the bot's own door; undefined before it is prepared, and where no page takes anything. */
  surveyPath(): Promise<string | undefined>;
}

/**
 * The local trial: an organisation with people, a channel and a handbook, whose owner is whoever sits at the keyboard.
 * A client that brings a tenant of its own (another Playground, an automated one) takes the organisation over: the
 * trial's people leave, and the first person who acts becomes the owner unless BELLHOP_OWNER_EMAIL names one.
 */
export function createTrial(options: TrialOptions): Trial {
  let at: { readonly work: Work; readonly organisationId: string } | undefined;
  let tenant: string | undefined;

  const admit = async (platform: string, externalId: string): Promise<void> => {
    if (!at || platform !== 'teams' || externalId === tenant) return;
    const { work, organisationId } = at;
    await inTransaction(work.db, (tx) => takeOver(tx, organisationId, externalId, work.clock.now()));
    if (options.ownerEmail) await ensureFirstOwner(work, organisationId, { ownerEmail: options.ownerEmail });
    tenant = externalId;
  };

  return {
    features: guided,
    prepare: async (work, organisation) => {
      at = { work, organisationId: organisation.id };
      const known = await work.db.workspace.findFirst({ where: { organisationId: organisation.id, platform: 'teams' } });
      if (options.playground || !known || known.externalId === TENANT_ID) await seed(work, organisation.id, options);
      tenant = options.playground ? TENANT_ID : (known?.externalId ?? TENANT_ID);
    },
    report: (report) => async (workspace, event, onceKey) => {
      await admit(workspace.platform, workspace.externalId);
      await report(workspace, event, onceKey);
    },
    surveyPath: async () => {
      const slug = at && (await findSurveySlug(at.work.db, at.organisationId));
      return slug && surveyPath(slug);
    },
    resolve: (resolve) => async (interaction) => {
      await admit(interaction.actor.platform, interaction.actor.workspaceExternalId);
      const resolved = await resolve(interaction);
      if ('refused' in resolved || tenant === TENANT_ID || options.ownerEmail) return resolved;
      const { context } = resolved;
      const promoted = context.role !== 'owner' && (await inTransaction(context.db, (tx) => promote(tx, context)));
      return promoted ? await resolve(interaction) : resolved;
    },
  };
}

async function promote(tx: Tx, { organisation, person, clock }: HandlerContext): Promise<boolean> {
  await lockPeople(tx, organisation.id);
  if ((await tx.person.count({ where: { organisationId: organisation.id, role: 'owner', status: 'active' } })) > 0) return false;
  await tx.person.updateMany({ where: { organisationId: organisation.id, id: person.id }, data: { role: 'owner' } });
  await recordEvent(tx, { organisationId: organisation.id, actorId: null, verb: 'owner.claimed', subjectId: person.id }, clock.now());
  return true;
}
