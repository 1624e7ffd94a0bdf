import { accessSync, constants } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { tempFolder } from './temp-folder.js';

const INSTALL = 'apt-get install -y chromium';
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'] as const;
const APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
] as const;

/** Nothing is fetched that the page doesn't ask for. As root, and in containers, there is no sandbox. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Candidate {
  readonly name: string;
  readonly executablePath: string;
  readonly env?: Record<string, string>;
}

/**
 * A real browser, the first that starts: the one that BELLHOP_BROWSER names, the system's, the packaged one.
 * @throws Error with the command that installs one when none starts
 */
export async function startBrowser(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const named = process.env.BELLHOP_BROWSER;
  const troubles: string[] = [];
  for (const executablePath of named ? [named] : installed()) {
    const browser = await launch({ name: executablePath, executablePath }, troubles);
    if (browser) return { browser, close: () => browser.close() };
  }
  if (!named) {
    const folder = await tempFolder('browser');
    const clear = () => rm(folder, { recursive: true, force: true });
    const browser = await unpack(folder).then(
      (packaged) => launch(packaged, troubles),
      (error: unknown) => void troubles.push(`the packaged browser: ${error}`),
    );
    if (browser) return { browser, close: () => browser.close().finally(clear) };
    await clear();
  }
  throw new Error([`No browser starts here. This installs one: ${INSTALL}`, ...troubles].join('\n'));
}

function installed(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...APPLICATIONS].filter((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function launch({ name, executablePath, env }: Candidate, troubles: string[]): Promise<Browser | undefined> {
  try {
    return await chromium.launch({ executablePath, args: ARGUMENTS, timeout: 30_000, ...(env && { env }) });
  } catch (error) {
    troubles.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    return undefined;
  }
}

/**
 * Unpacks `@sparticuz/chromium` with the libraries that it needs beside glibc (NSS among them), so that nothing else has
 * to be installed. The package unpacks those only where it takes itself to be on AWS, and always into the folder for
 * temporary files: both is told to it by the environment, which is then put back as it was.
 */
async function unpack(folder: string): Promise<Candidate> {
  const before = { ...process.env };
  try {
    process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
    process.env.TMPDIR = folder;
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    // The package's own configuration looks for its fonts below /tmp; a page without any font ends the browser.
    const fonts = join(folder, 'fonts.conf');
    await writeFile(fonts, `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>`);
    return {
      name: 'the packaged browser',
      executablePath,
      env: {
        PATH: before.PATH ?? '',
        HOME: folder,
        TMPDIR: folder,
        FONTCONFIG_FILE: fonts,
        LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      },
    };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
