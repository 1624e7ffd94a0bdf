import type { ActionHandler, Command, Feature, FormHandler, JobSpec, MailSpec, MessageSpec, Shortcut, Sweep } from './feature.js';
import { doorOf, type WebRoute } from './web.js';

/** The features, looked up by id. Adapters get it as data; nothing is loaded by magic. */
export interface Registry<H, W, J> {
  readonly features: readonly Feature<H, W, J>[];
  readonly commands: ReadonlyMap<string, Command<H>>;
  readonly actions: ReadonlyMap<string, ActionHandler<H>>;
  readonly forms: ReadonlyMap<string, FormHandler<H>>;
  readonly messages: ReadonlyMap<string, MessageSpec<W>>;
  readonly mails: ReadonlyMap<string, MailSpec<W>>;
  readonly shortcuts: ReadonlyMap<string, Shortcut<H>>;
  readonly jobs: ReadonlyMap<string, JobSpec<J>>;
  readonly sweeps: readonly Sweep<W>[];
  readonly routes: readonly WebRoute<W>[];
}

/** Builds the registry. Throws at start when two things have one id or an id is not its feature's. */
export function createRegistry<H, W, J>(features: readonly Feature<H, W, J>[]): Registry<H, W, J> {
  const index = <T>(
    what: string,
    read: (feature: Feature<H, W, J>) => readonly T[] | undefined,
    id: (item: T) => string,
    owned: boolean,
  ) => {
    const map = new Map<string, T>();
    for (const feature of features) {
      for (const item of read(feature) ?? []) {
        const name = id(item);
        if (map.has(name)) throw new Error(`The ${what} ${name} is registered twice.`);
        if (owned && !name.startsWith(`${feature.name}.`)) throw new Error(`The ${what} ${name} must begin with "${feature.name}.".`);
        map.set(name, item);
      }
    }
    return map;
  };
  for (const feature of features) {
    for (const command of feature.commands ?? []) {
      if (!command.verbs.some((verb) => verb.name === command.bare)) throw new Error(`/${command.name} has no verb "${command.bare}".`);
    }
  }
  for (const { path } of features.flatMap((feature) => feature.routes ?? [])) {
    // The figures and the log tell routes by their first part alone: what follows may be a secret.
    if (!/^[a-z][a-z-]*$/.test(doorOf(path))) throw new Error(`The route ${path} must begin with a word of its own.`);
  }
  return {
    features,
    commands: index(
      'command',
      (f) => f.commands,
      (c) => c.name,
      false,
    ),
    actions: index(
      'action',
      (f) => f.actions,
      (a) => a.id,
      true,
    ),
    forms: index(
      'form',
      (f) => f.forms,
      (f) => f.id,
      true,
    ),
    messages: index(
      'message',
      (f) => f.messages,
      (m) => m.id,
      true,
    ),
    mails: index(
      'mail',
      (f) => f.mails,
      (m) => m.id,
      true,
    ),
    shortcuts: index(
      'shortcut',
      (f) => f.shortcuts,
      (s) => s.id,
      true,
    ),
    jobs: index(
      'job',
      (f) => f.jobs,
      (j) => j.kind,
      true,
    ),
    sweeps: features.flatMap((feature) => feature.sweeps ?? []),
    routes: [
      ...index(
        'route',
        (f) => f.routes,
        (r) => `${r.method} ${r.path}`,
        false,
      ).values(),
    ],
  };
}
