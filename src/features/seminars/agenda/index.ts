import type { AgendaSource } from '../../../people/agenda.js';
import type { Part } from '../part.js';
import { bringSources } from './sources.js';

/** @param sources what other features have to talk about */
export function createAgenda(sources: readonly AgendaSource[]): Part {
  bringSources(sources);
  return {};
}
