import type { BellhopFeature } from '../people/handlers.js';
import { type BellhopPorts, createBellhopFeature } from './bellhop/index.js';
import { handbook } from './handbook/index.js';
import { recognition } from './recognition/index.js';

/** What features need from outside beyond the contexts that they are given. */
export type FeaturePorts = BellhopPorts;

/** The registry's features, a line each. */
export function createFeatures(ports: FeaturePorts): readonly BellhopFeature[] {
  return [createBellhopFeature(ports), handbook, recognition];
}
