import { z } from 'zod';
import type { FileHandle } from '../../../core/form.js';
import { FIELDS } from './columns.js';

export const ImportRef = z.object({ importId: z.uuid() });
export const StartRef = ImportRef.extend({ asNew: z.boolean() });

const NO_FILE = 'feedback.import.no_file';
export const FileInput = z.object({ file: z.array(z.custom<FileHandle>(), NO_FILE).min(1, NO_FILE) });

/** What lies sealed in a chunk: lines as they stood in the file, with the same line's count among equal ones before it. */
export const ChunkLines = z.array(z.object({ line: z.number().int(), cells: z.array(z.string()), nth: z.number().int() }));
export type ChunkLines = z.output<typeof ChunkLines>;

export const ColumnsColumn = z.array(
  z.discriminatedUnion('is', [
    z.object({ is: z.literal('field'), field: z.enum(FIELDS), heading: z.string() }),
    z.object({ is: z.literal('question'), questionId: z.uuid(), heading: z.string() }),
    z.object({ is: z.literal('unknown'), heading: z.string() }),
  ]),
);
export type KeptColumn = z.output<typeof ColumnsColumn>[number];

/** Which chunk comes next. */
export const Cursor = z.object({ chunk: z.number().int().min(0) });
