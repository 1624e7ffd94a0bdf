import type { PageTheme } from '../../../core/page.js';
import type { WorkContext } from '../../../people/handlers.js';
import { loadSettings } from '../store-settings.js';
import { findPicture } from './store-theme.js';

/** How customers' private pages look. A logo is small (papers), so it stands in the page itself. */
export async function pageTheme({ db, organisation }: Pick<WorkContext, 'db' | 'organisation'>): Promise<PageTheme> {
  const { colour, logoPictureId } = await loadSettings(db, organisation);
  const logo = logoPictureId === null ? undefined : await findPicture(db, organisation.id, logoPictureId);
  return {
    name: organisation.name,
    ...(colour !== null && { colour }),
    ...(logo && { logo: { url: `data:${logo.mime};base64,${Buffer.from(logo.content).toString('base64')}`, alt: organisation.name } }),
  };
}
