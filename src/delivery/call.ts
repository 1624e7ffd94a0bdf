import type { Engine } from './model.js';
import { ChatError } from './port.js';

/** Calls a platform, at most as long as the lease allows: an answer that takes longer counts as lost. */
export async function callPlatform<T>(engine: Engine, act: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ChatError('uncertain', 'no_answer')), engine.callTimeoutMs);
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What went wrong at a platform. Anything unforeseen is taken as a lost answer: the only reading that can double nothing. */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  return new ChatError('uncertain', error instanceof Error ? error.name : 'unknown', { cause: error });
}
