import type { AgendaSource } from '../../../people/agenda.js';

let sources: readonly AgendaSource[] = [];

/**
 * Notes what other features contribute. Called once, when the registry is made: whatever shows an agenda later, a
 * message's card among it, has only the context of its work and no registry.
 */
export function bringSources(brought: readonly AgendaSource[]): void {
  sources = brought;
}

export const allSources = (): readonly AgendaSource[] => sources;
