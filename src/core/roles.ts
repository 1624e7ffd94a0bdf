/** What a person may do. Each role may do what the ones before it may. */
export const ROLES = ['employee', 'manager', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Whether `actual` is at least `needed`. */
export function hasRole(actual: Role, needed: Role): boolean {
  return ROLES.indexOf(actual) >= ROLES.indexOf(needed);
}
