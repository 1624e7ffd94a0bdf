import { z } from 'zod';

const Guid = z.guid();

/**
 * The parts of the Teams app manifest that are filled in when the package is made; whatever else it says is kept.
 * The whole of it is validated against Microsoft's schema by scripts/teams-package.ts.
 */
export const TeamsManifestTemplate = z.looseObject({
  $schema: z.url(),
  version: z.string(),
  id: Guid,
  developer: z.looseObject({ name: z.string(), websiteUrl: z.url(), privacyUrl: z.url(), termsOfUseUrl: z.url() }),
  icons: z.object({ color: z.string(), outline: z.string() }),
  localizationInfo: z.looseObject({ additionalLanguages: z.array(z.object({ languageTag: z.string(), file: z.string() })) }),
  bots: z.tuple([z.looseObject({ botId: Guid })]),
  /** Message extensions; what they open is answered by the same bot. */
  composeExtensions: z.tuple([
    z.looseObject({ botId: Guid, commands: z.array(z.looseObject({ id: z.string(), fetchTask: z.boolean() })) }),
  ]),
  validDomains: z.array(z.string()),
});

export type TeamsManifestTemplate = z.infer<typeof TeamsManifestTemplate>;

export interface TeamsInstallation {
  /** The bot's app id (`MicrosoftAppId`), a GUID; it is the Teams app's id too. */
  appId: string;
  /** The app's version, three numbers. Teams takes an uploaded package as an update only when it has changed. */
  version: string;
  /** The bot's public address without a path, where files and public pages are fetched from. */
  url?: string | undefined;
}

/** The manifest for one installation. The template is not changed. */
export function teamsManifest(template: TeamsManifestTemplate, { appId, version, url }: TeamsInstallation): TeamsManifestTemplate {
  const [bot] = template.bots;
  const [extension] = template.composeExtensions;
  const id = appId.toLowerCase();
  return {
    ...template,
    version,
    id,
    developer: url ? { ...template.developer, websiteUrl: url, privacyUrl: url, termsOfUseUrl: url } : template.developer,
    bots: [{ ...bot, botId: id }],
    composeExtensions: [{ ...extension, botId: id }],
    validDomains: url ? [...template.validDomains, new URL(url).host] : template.validDomains,
  };
}

/** The names of the files that the manifest refers to; each lies beside it, and at the root of the package. */
export function filesOf({ icons, localizationInfo }: TeamsManifestTemplate): string[] {
  return [icons.color, icons.outline, ...localizationInfo.additionalLanguages.map(({ file }) => file)];
}
