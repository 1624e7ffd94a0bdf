// Makes the package to upload to Microsoft Teams:
//   npm run teams-package -- --app-id 1b2c... [--url https://bot.example] [--out dist/bellhop-teams.zip]
// The app id may also come from MicrosoftAppId.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AppManifest, AppManifestUtils } from '@microsoft/app-manifest';
import { zipSync } from 'fflate';
import { z } from 'zod';
import { filesOf, TeamsManifestTemplate, teamsManifest } from '../adapters/teams/package.js';
import { explain, PublicUrl } from './public-url.js';

const FOLDER = 'adapters/teams/package';
const USAGE = 'Usage: npm run teams-package -- --app-id <MicrosoftAppId> [--url https://bot.example] [--out dist/bellhop-teams.zip]';

const Arguments = z.object({
  'app-id': z
    .string({ error: 'The app id is missing: give --app-id, or set MicrosoftAppId.' })
    .refine((typed) => z.guid().safeParse(typed).success && /[1-9a-f]/i.test(typed), {
      error: ({ input }) =>
        `"${input}" is not an app id. It is the "Application (client) ID" of the bot's registration in Microsoft Entra.`,
    }),
  url: PublicUrl.optional(),
  out: z.string().endsWith('.zip', '--out has to end in .zip.').default('dist/bellhop-teams.zip'),
});

function typed(): unknown {
  try {
    const { values } = parseArgs({ options: { 'app-id': { type: 'string' }, url: { type: 'string' }, out: { type: 'string' } } });
    return { 'app-id': process.env.MicrosoftAppId || undefined, ...values };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

/** @throws Error naming the file and each fault, when it does not fit the schema that it names itself */
async function check(file: string, content: { $schema: string }): Promise<void> {
  const schema = await AppManifestUtils.fetchSchema(content.$schema);
  // Two of the key patterns in Microsoft's localization schema are no regular expressions ("Lone quantifier brackets").
  // They are about activity feeds, which Bellhop does not use.
  for (const pattern of Object.keys(schema.patternProperties ?? {})) if (!isPattern(pattern)) delete schema.patternProperties[pattern];
  const faults = await AppManifestUtils.validateAgainstSchema(content as unknown as AppManifest, schema);
  if (faults.length > 0) throw new Error(`${file} does not fit ${content.$schema}:\n${faults.join('\n')}`);
}

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source, 'u'));
  } catch {
    return false;
  }
}

const asked = Arguments.safeParse(typed());
if (!asked.success) refuse(explain(asked.error));
const { 'app-id': appId, url, out } = asked.data;

const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
const template = TeamsManifestTemplate.parse(JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')));
const manifest = teamsManifest(template, { appId, version, url });
await check('manifest.json', manifest);
for (const { file } of manifest.localizationInfo.additionalLanguages) {
  await check(file, z.looseObject({ $schema: z.string() }).parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))));
}

const files: Record<string, Uint8Array> = { 'manifest.json': Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) };
for (const file of filesOf(manifest)) files[file] = readFileSync(join(FOLDER, file));
mkdirSync(dirname(out), { recursive: true });
// A fixed date, so that the same input makes the same bytes.
writeFileSync(out, zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) }));

console.log(`${out} is ready: version ${version}, app ${manifest.id}.`);
console.log('Upload it in Teams under Apps > Manage your apps > Upload an app, or in the Teams admin center under Manage apps.');
if (!url) {
  console.log('Made without --url: the links to the developer in it lead to example.com. Give --url before the package goes to everyone.');
}
