import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { Pictures } from '../../src/delivery/pictures-port.js';
import { GUARDED } from './answer.js';

/** What is looked up for an address that names no picture, so that it takes as long as one that does. */
const NOBODY = '00000000-0000-4000-8000-000000000000';
const NAMED = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\./;

/**
 * `GET /pictures/<id>.<mac>.png`: the pictures of cards, for chats that fetch them. An address is a capability: only the
 * bot can make it, and whoever has it sees the picture. It ends so for a JPEG too; the content type tells.
 */
export function pictureRoutes(pictures: Pick<Pictures, 'read' | 'url'>): Router {
  const routes = Router();
  routes.get('/pictures/:name', async (request, response) => {
    const { name } = request.params;
    const id = NAMED.exec(name)?.[1] ?? NOBODY;
    const right = sameName(name, pictures.url(id));
    const picture = await pictures.read(id);
    response.set(GUARDED);
    if (!right || !picture) {
      response.set('Cache-Control', 'no-store').status(404).type('text/plain').send('This picture is not here.');
      return;
    }
    response
      .set({ 'Content-Type': picture.mime, 'Cache-Control': 'public, max-age=31536000, immutable', 'Content-Disposition': 'inline' })
      .send(Buffer.from(picture.content));
  });
  return routes;
}

/** Whether an address ends with this name; takes as long for every name. */
function sameName(name: string, address: string | undefined): boolean {
  const wanted = address?.slice(address.lastIndexOf('/') + 1) ?? '';
  return timingSafeEqual(digest(name), digest(wanted)) && wanted !== '';
}

const digest = (value: string) => createHash('sha256').update(value).digest();
