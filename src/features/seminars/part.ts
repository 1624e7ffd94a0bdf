import type { Verb } from '../../core/feature.js';
import type { BellhopFeature, HandlerContext } from '../../people/handlers.js';

/** What one folder of seminars adds to the feature and to `/seminar`. */
export type Part = Omit<BellhopFeature, 'name' | 'commands'> & { readonly verbs?: readonly Verb<HandlerContext>[] };
