import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Router } from 'express';
import { sendZipped, zipped } from './zipped.js';

/** The door of what pages need beside themselves. */
export const ASSETS_DOOR = 'page-assets';

const OURS = fileURLToPath(new URL('assets/', import.meta.url));
/** The library as modules: its entry for `require` lies in dist/cjs/v2, the modules in dist/esm/v2. */
const LIBRARY = join(dirname(createRequire(import.meta.url).resolve('altcha-lib')), '../../esm/v2');

/** By their paths below the door. The solver's modules name one another by relative paths, so those are kept. */
const FILES: ReadonlyMap<string, Buffer> = new Map([
  ...['proof.js', 'proof-worker.js'].map((name): [string, Buffer] => [name, readFileSync(join(OURS, name))]),
  ...['pow.js', 'helpers.js', 'types.js', 'algorithms/web/pbkdf2.js'].map((name): [string, Buffer] => [
    `altcha/${name}`,
    readFileSync(join(LIBRARY, name)),
  ]),
]);

const PACKED: ReadonlyMap<Buffer, Buffer> = new Map([...FILES.values()].map((content) => [content, zipped(content)]));

/** Named by what is in them, so that they can be kept for ever. */
const VERSION = [...FILES.values()]
  .reduce((hash, content) => hash.update(content), createHash('sha256'))
  .digest('base64url')
  .slice(0, 12);

/** Where a page finds its script. */
export const PROOF_SCRIPT = `/${ASSETS_DOOR}/${VERSION}/proof.js`;
/** What a page with a form fetches besides itself, in bytes. */
export const ASSETS_BYTES = [...FILES.values()].reduce((sum, { length }) => sum + length, 0);

/** `GET /page-assets/<version>/…`: the script of the proof of work and the library's solver, as they are. */
export function pageAssets(): Router {
  const routes = Router();
  routes.get(`/${ASSETS_DOOR}/:version/*path`, (request, response, next) => {
    const { version, path } = request.params;
    const content = version === VERSION ? FILES.get(path.join('/')) : undefined;
    if (!content) return next();
    response.set({
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'public, max-age=31536000, immutable',
      'X-Content-Type-Options': 'nosniff',
      // A worker is bound by what came with its own script.
      'Content-Security-Policy': "default-src 'none'; script-src 'self'",
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    sendZipped(response, content, PACKED.get(content));
  });
  return routes;
}
