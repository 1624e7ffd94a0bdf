import type { Answer } from '../../src/core/reply.js';

/** The lines of a text file that was answered, without its byte order mark. */
export function expectFile(answer: Answer): { readonly name: string; readonly rows: readonly string[] } {
  if (answer.kind !== 'file') throw new Error(`That is no file but ${JSON.stringify(answer)}`);
  const rows = new TextDecoder().decode(answer.file.content).split('\r\n').filter(Boolean);
  return { name: answer.file.name, rows };
}
