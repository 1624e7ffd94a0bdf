import type { JobProgress } from '../../core/feature.js';
import type { Platform } from '../../core/interaction.js';
import { enqueueJob } from '../../delivery/jobs.js';
import { ChatError } from '../../delivery/port.js';
import type { Tx } from '../../people/db.js';
import type { DirectoryChange } from '../../people/directory-events.js';
import { type JobContext, job, type WorkContext } from '../../people/handlers.js';
import { localDay } from '../../people/hours.js';
import type { Directory } from '../../people/ports.js';
import { type SyncedWorkspace, startSync, syncChannel, syncStep } from '../../people/sync.js';
import { askFirstRun } from './first-run.js';
import { CHANNEL_JOB, SYNC_CURSOR, SYNC_JOB } from './schema.js';
import * as store from './store.js';

/** A workspace is read again when its last reading is older. */
const READ_AGAIN_MS = 24 * 3600_000;
/** How long to wait when a platform is in trouble without saying for how long. */
const PAUSE_MS = 30_000;
/** How long new places of Teams are collected before they are read. */
const ROSTER_WAIT_MS = 2_000;

type Directories = ReadonlyMap<Platform, Directory>;

/** The readings of members, page by page: a page per batch, so that a crash costs one page. */
export function createJobs(directories: Directories) {
  return [
    job({
      kind: 'bellhop.sync',
      payload: SYNC_JOB,
      run: async (context, { workspaceId }, cursor) => {
        const read = SYNC_CURSOR.safeParse(cursor);
        const at = read.success ? read.data : startSync(context.clock.now());
        return await reading(context, directories, workspaceId, at, async (directory, workspace) => {
          const next = await syncStep(context.tx, context, directory, workspace, at);
          if (next?.phase === 'channels' && next.page === undefined)
            await askFirstRun(context.tx, context.organisation.id, context.clock.now());
          return next ? { next } : { done: true };
        });
      },
    }),
    job({
      kind: 'bellhop.read_channel',
      payload: CHANNEL_JOB,
      run: async (context, { workspaceId, channelId }) =>
        await reading(context, directories, workspaceId, null, async (directory, workspace) => {
          await syncChannel(context.tx, context, directory, workspace, channelId);
          return { done: true };
        }),
    }),
  ];
}

/** Runs one page; a platform that asks for time gets it, without the batch counting as failed. */
async function reading(
  context: JobContext,
  directories: Directories,
  workspaceId: string,
  cursor: unknown,
  act: (directory: Directory, workspace: SyncedWorkspace) => Promise<JobProgress>,
): Promise<JobProgress> {
  const workspace = await store.findWorkspace(context.tx, context.organisation.id, workspaceId);
  const directory = workspace && directories.get(workspace.platform);
  if (!workspace || !directory) return { done: true };
  try {
    return await act(directory, workspace);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.code === 'rate_limited') return { next: cursor, waitMs: error.retryAfterMs ?? PAUSE_MS };
    // Reading changes nothing at the platform: what may have happened may happen again.
    if (error.code === 'transient' || error.code === 'uncertain') return { next: cursor, waitMs: PAUSE_MS };
    throw error;
  }
}

/** Reads again every workspace whose last reading is a day old, and channels whose members nobody has read yet. */
export async function readDaily(context: WorkContext, directories: Directories): Promise<void> {
  const now = context.clock.now();
  const organisationId = context.organisation.id;
  const workspaces = (await store.listWorkspaces(context.db, organisationId)).filter((workspace) => directories.has(workspace.platform));
  for (const workspace of workspaces) {
    const { membersSyncedAt } = workspace;
    if (membersSyncedAt && now.getTime() - membersSyncedAt.getTime() < READ_AGAIN_MS) continue;
    await context.db.$transaction((tx) => requestSync(tx, workspace, now));
  }
  const readable = workspaces.filter((workspace) => workspace.membersSyncedAt !== null).map((workspace) => workspace.id);
  for (const channel of await store.listUnreadChannels(context.db, organisationId, readable)) {
    // The hour in the key: one that failed is tried again, and not every minute.
    const hour = now.toISOString().slice(0, 13);
    await context.db.$transaction((tx) => requestChannel(tx, { ...channel, channelId: channel.id }, hour, now));
  }
}

/** What a directory event calls for; to be handed to createDirectoryReporter as `changed`. */
export async function onDirectoryChange(tx: Tx, change: DirectoryChange, now: Date): Promise<void> {
  // The member may be the owner whom everybody waits for.
  if (change.kind === 'member_told') return await askFirstRun(tx, change.organisationId, now);
  const workspace = await store.findWorkspace(tx, change.organisationId, change.workspaceId);
  if (!workspace) return;
  if (change.kind === 'installed') return await requestSync(tx, workspace, now);
  if (workspace.platform === 'slack') return await requestChannel(tx, change, now.toISOString(), now);
  await requestRoster(tx, workspace, now);
}

/**
 * Teams tells of members only in the rosters of places that have the app: a new place may hold people whom nobody knows.
 * A team's channels are told one after another, so the reading waits a moment and is one for all of them.
 */
async function requestRoster(tx: Tx, workspace: store.WorkspaceRow, now: Date): Promise<void> {
  const moment = Math.floor(now.getTime() / ROSTER_WAIT_MS) + 1;
  await enqueueJob(
    tx,
    {
      organisationId: workspace.organisationId,
      subjectKey: `bellhop.roster:${workspace.id}:${moment}`,
      kind: 'bellhop.sync',
      payload: { workspaceId: workspace.id },
      dueAt: new Date(moment * ROSTER_WAIT_MS),
    },
    now,
  );
}

/** One reading at a time: the key holds when the last one was finished, and the day, so that one that died is made up for. */
async function requestSync(tx: Tx, workspace: store.WorkspaceRow, now: Date): Promise<void> {
  const since = (workspace.membersSyncedAt ?? workspace.installedAt).getTime();
  await enqueueJob(
    tx,
    {
      organisationId: workspace.organisationId,
      subjectKey: `bellhop.sync:${workspace.id}:${localDay(now, 'UTC')}:${since}`,
      kind: 'bellhop.sync',
      payload: { workspaceId: workspace.id },
      dueAt: now,
    },
    now,
  );
}

async function requestChannel(
  tx: Tx,
  channel: { readonly organisationId: string; readonly workspaceId: string; readonly channelId: string },
  stage: string,
  now: Date,
): Promise<void> {
  await enqueueJob(
    tx,
    {
      organisationId: channel.organisationId,
      subjectKey: `bellhop.channel:${channel.channelId}:${stage}`,
      kind: 'bellhop.read_channel',
      payload: { workspaceId: channel.workspaceId, channelId: channel.channelId },
      dueAt: now,
    },
    now,
  );
}
