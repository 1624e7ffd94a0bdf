import { BellhopError } from '../../../core/errors.js';
import type { FileHandle } from '../../../core/form.js';
import { oneLine } from '../../../core/inputs.js';
import { STAYS } from './model.js';

type Check = (bytes: Uint8Array) => boolean;

const begins =
  (...signature: number[]): Check =>
  (bytes) =>
    signature.every((byte, index) => bytes[index] === byte);

/** An office document is a ZIP archive. */
const zip = begins(0x50, 0x4b, 0x03, 0x04);

const text: Check = (bytes) => {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** What a file may be, by its ending: its type, and how its first bytes tell that it is one. */
const KINDS: Readonly<Record<string, { readonly mime: string; readonly check: Check }>> = {
  pdf: { mime: 'application/pdf', check: begins(0x25, 0x50, 0x44, 0x46) },
  docx: { mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', check: zip },
  pptx: { mime: 'application/vnd.openxmlformats-officedocument.presentationml.presentation', check: zip },
  xlsx: { mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', check: zip },
  png: { mime: 'image/png', check: begins(0x89, 0x50, 0x4e, 0x47) },
  jpg: { mime: 'image/jpeg', check: begins(0xff, 0xd8, 0xff) },
  txt: { mime: 'text/plain; charset=utf-8', check: text },
  md: { mime: 'text/markdown; charset=utf-8', check: text },
  csv: { mime: 'text/csv; charset=utf-8', check: text },
};

export const EXTENSIONS: readonly string[] = [...Object.keys(KINDS), 'jpeg'];

/** A file as it is kept. */
export interface KeptFile {
  /** Its own name without the ending; empty where nothing of it can be shown. */
  readonly title: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a file that somebody sent.
 * @throws BellhopError `seminars.material_kind` for what is no such file, `seminars.material_large`, and what reading it throws
 */
export async function readFile(file: FileHandle): Promise<KeptFile> {
  const [, name = '', ending = ''] = /^(.*)\.([a-z]+)$/i.exec(oneLine(file.name)) ?? [];
  const kind = KINDS[ending.toLowerCase().replace(/^jpeg$/, 'jpg')];
  if (!kind) throw new BellhopError('seminars.material_kind');
  if (file.size !== undefined && file.size > STAYS.file)
    throw new BellhopError('seminars.material_large', { most: STAYS.file / 1024 / 1024 });
  const bytes = await file.read(STAYS.file).catch((error: unknown) => {
    if (!(error instanceof BellhopError) || error.code !== 'core.file_too_large') throw error;
    throw new BellhopError('seminars.material_large', { most: STAYS.file / 1024 / 1024 }, { cause: error });
  });
  if (bytes.byteLength === 0 || !kind.check(bytes)) throw new BellhopError('seminars.material_kind');
  return { title: name.slice(0, STAYS.title).trim(), mime: kind.mime, bytes };
}

/** What a kept file is called where it is saved: its title, without what no file system takes, and the ending of its type. */
export function fileName(title: string, mime: string): string {
  const [ending = 'bin'] = Object.entries(KINDS).find(([, kind]) => kind.mime === mime) ?? [];
  const safe = title
    .replace(/[\p{C}/\\:*?"<>|]+/gu, '-')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, 100);
  return safe.toLowerCase().endsWith(`.${ending}`) ? safe : `${safe || 'file'}.${ending}`;
}
