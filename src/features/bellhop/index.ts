import { readdirSync } from 'node:fs';
import type { Platform } from '../../core/interaction.js';
import { type BellhopFeature, feature, type WorkContext } from '../../people/handlers.js';
import type { Directory } from '../../people/ports.js';
import { actions } from './actions.js';
import { createCommand } from './commands.js';
import { askFirstRun } from './first-run.js';
import { home } from './home.js';
import { importForm } from './import.js';
import { createJobs, readDaily } from './jobs.js';
import { createLanguageForm } from './language.js';
import { createLocationForm } from './locations.js';
import { firstRun, roleGiven } from './messages.js';
import { placeForm, roleForm } from './person-forms.js';
import { createSettingsForm } from './settings.js';

export { onDirectoryChange } from './jobs.js';

export interface BellhopPorts {
  /** Whom to ask for members and channels; a platform without one is not read. */
  readonly directories: ReadonlyMap<Platform, Directory>;
}

/** The bot's own commands: settings, people, roles, language, deliveries; and the reading of members. */
export function createBellhopFeature({ directories }: BellhopPorts): BellhopFeature {
  const locales = availableLocales();
  return feature({
    name: 'bellhop',
    commands: [createCommand(locales)],
    actions,
    forms: [createSettingsForm(locales), createLocationForm(locales), createLanguageForm(locales), roleForm, placeForm, importForm],
    messages: [firstRun, roleGiven],
    jobs: createJobs(directories),
    sweeps: [
      { id: 'bellhop.read_daily', run: (context: WorkContext) => readDaily(context, directories) },
      {
        id: 'bellhop.first_run',
        run: async (context: WorkContext) => {
          await context.db.$transaction((tx) => askFirstRun(tx, context.organisation.id, context.clock.now()));
        },
      },
    ],
    home,
  });
}

/** The languages that can be chosen: those whose files are there, so that one more means files only. */
function availableLocales(): string[] {
  return readdirSync(new URL('./locales', import.meta.url))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}
