import type { AgendaSource } from '../people/agenda.js';
import type { BellhopFeature } from '../people/handlers.js';
import { type BellhopPorts, createBellhopFeature } from './bellhop/index.js';
import { feedback, feedbackAgenda } from './feedback/index.js';
import { handbook, handbookAgenda } from './handbook/index.js';
import { recognition, recognitionAgenda } from './recognition/index.js';
import { seminars } from './seminars/index.js';

/** What features need from outside beyond the contexts that they are given. */
export type FeaturePorts = BellhopPorts;

/** What features can bring up at a seminar. */
export const agendaSources: readonly AgendaSource[] = [handbookAgenda, recognitionAgenda, feedbackAgenda];

/** The registry's features, a line each. */
export function createFeatures(ports: FeaturePorts): readonly BellhopFeature[] {
  return [createBellhopFeature(ports), handbook, recognition, seminars, feedback];
}
