// `npm run check:catalogue`: every text that the code names exists in English, every English text is used and
// exists in every other language with the same parameters, and the files are in order.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogueFolders } from '../src/runtime/catalogues.js';
import { type CatalogueFile, catalogueProblems, type SourceFile } from './catalogue-rules.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const files: CatalogueFile[] = catalogueFolders(join(root, 'src')).flatMap(({ name, path }) =>
  readdirSync(path)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      path: relative(root, join(path, file)),
      folder: name,
      locale: file.slice(0, -'.json'.length),
      messages: JSON.parse(readFileSync(join(path, file), 'utf8')) as Record<string, string>,
    })),
);

const sources: SourceFile[] = ['src', 'adapters'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !dirname(path).includes(join('src', 'generated')))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') })),
);

const problems = catalogueProblems(files, sources);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`\n${problems.length} problems in the catalogues.`);
  process.exitCode = 1;
} else {
  const texts = files.filter((file) => file.locale === 'en').reduce((sum, file) => sum + Object.keys(file.messages).length, 0);
  console.log(`${texts} texts in ${new Set(files.map((file) => file.locale)).size} languages, all in order.`);
}
