import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Canvas } from '@napi-rs/canvas';
import type { Page as Tab } from 'playwright-core';

/** Keeps what a story shows on its way: pages as pictures, cards as the platform took them. */
export interface Album {
  page(name: string, tab: Tab): Promise<void>;
  card(name: string, card: unknown): Promise<void>;
  picture(name: string, picture: Canvas): Promise<void>;
}

/**
 * An album in the folder that BELLHOP_PICTURES names; without it nothing is kept.
 * @param story the folder in it
 */
export function openAlbum(story: string): Album {
  const folder = process.env.BELLHOP_PICTURES;
  let count = 0;
  const keep = async (name: string, ending: string, content: () => Promise<string | Uint8Array> | string | Uint8Array) => {
    if (!folder) return;
    count += 1;
    await mkdir(join(folder, story), { recursive: true });
    await writeFile(join(folder, story, `${String(count).padStart(2, '0')}-${name}${ending}`), await content());
  };
  return {
    page: async (name, tab) => await keep(name, '.png', () => tab.screenshot({ fullPage: true })),
    card: async (name, card) => await keep(name, '.json', () => JSON.stringify(card, null, 1)),
    picture: async (name, picture) => await keep(name, '.png', () => picture.encode('png')),
  };
}
