import { type KeyText, key, plain } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';

const localise = createLocaliser();

/** What an English reader is shown for a key: tests of the real program name keys, and see its words. */
export function english(name: string, params?: KeyText['params']): string {
  return plain(localise(key(name, params), { locale: 'en', zone: 'UTC' }));
}
