import type { Clock } from '../core/clock.js';
import { definers, type Feature } from '../core/feature.js';
import type { Actor, Place } from '../core/interaction.js';
import type { Registry } from '../core/registry.js';
import type { Role } from '../core/roles.js';
import type { Localise, Reader } from '../core/text.js';
import type { AgendaSource } from './agenda.js';
import type { Db, Tx } from './db.js';
import type { Organisation, Person } from './model.js';
import type { Charts, ChatLinks, Log, Papers, Vault } from './ports.js';

/** What every piece of work has. All of it comes from main.ts; features read nothing from the process. */
export interface Work {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Vault;
  readonly localise: Localise;
  readonly charts: Charts;
  readonly papers: Papers;
  /** What features can bring up at a seminar, a line each in features/index.ts. */
  readonly agenda: readonly AgendaSource[];
  /** The base address of the bot's own web pages, without a slash at the end; undefined where it has none. */
  readonly publicUrl: string | undefined;
  readonly chatLinks: ChatLinks;
  /** Whether e-mails can be sent: without a mail server nothing is enqueued for one. */
  readonly sendsMail: boolean;
}

/** Work that nobody waits for, in one organisation. */
export interface WorkContext extends Work {
  readonly organisation: Organisation;
}

/** A job's batch: everything it writes goes through `tx`, which commits together with the batch's cursor. */
export interface JobContext extends WorkContext {
  readonly tx: Tx;
}

/** A handler's context: who asks, where, with which role. */
export interface HandlerContext extends WorkContext {
  readonly person: Person;
  readonly role: Role;
  readonly reader: Reader;
  readonly actor: Actor;
  /** The account (people/model) that the person used for this. */
  readonly accountId: string;
  readonly workspaceId: string;
  readonly place: Place;
  readonly registry: BellhopRegistry;
}

export type BellhopFeature = Feature<HandlerContext, WorkContext, JobContext>;
export type BellhopRegistry = Registry<HandlerContext, WorkContext, JobContext>;

/** The definers of handlers, messages and jobs, with Bellhop's contexts. */
export const { action, form, message, mail, job, feature } = definers<HandlerContext, WorkContext, JobContext>();
