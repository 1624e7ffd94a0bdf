import type { Verb } from '../../core/feature.js';
import type { BellhopFeature, HandlerContext } from '../../people/handlers.js';

/** What one folder of feedback adds to the feature and to `/customer`. */
export type Part = Omit<BellhopFeature, 'name' | 'commands'> & { readonly verbs?: readonly Verb<HandlerContext>[] };
