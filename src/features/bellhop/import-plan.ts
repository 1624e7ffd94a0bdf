import { hasRole, ROLES, type Role } from '../../core/roles.js';
import { foldName, normaliseEmail } from '../../people/names.js';
import type { FileLine } from './csv.js';
import type { FilePerson } from './store.js';

/** What is known before a file of people is read. */
export interface ImportState {
  readonly people: readonly FilePerson[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly locations: readonly { readonly id: string; readonly name: string }[];
  /** The owner who sends the file: nobody takes the own role away by a slip in a file. */
  readonly actorId: string;
}

export type ImportField = 'role' | 'line_manager' | 'team' | 'location';
/** Why a line was left out, as a whole. */
export type ImportFailure =
  | 'person_missing'
  | 'person_unknown'
  | 'person_ambiguous'
  | 'person_twice'
  | 'role_unknown'
  | 'own_role'
  | 'last_owner'
  | 'manager_unknown'
  | 'manager_ambiguous'
  | 'own_line'
  | 'name_too_long';

export interface ImportLine {
  readonly line: number;
  /** As the file named the person. */
  readonly who: string;
  readonly result: { readonly changed: readonly ImportField[] } | { readonly failure: ImportFailure; readonly cell: string };
}

export interface ImportedPerson {
  readonly before: FilePerson;
  readonly role: Role;
  readonly lineManagerId: string | null;
  /** By name: a new one has no id yet. */
  readonly teamName: string | null;
  readonly locationName: string | null;
  readonly changed: readonly ImportField[];
}

export interface ImportPlan {
  readonly lines: readonly ImportLine[];
  readonly people: readonly ImportedPerson[];
  readonly newTeams: readonly string[];
  readonly newLocations: readonly string[];
}

/** In a cell: nobody, none. */
const NONE = new Set(['-', '–', '—', 'none', 'nav']);

/** Names of the roles as people write them, folded. */
const ROLE_NAMES: Readonly<Record<string, Role>> = {
  ...Object.fromEntries(ROLES.map((role) => [role, role])),
  ipasnieks: 'owner',
  ipasniece: 'owner',
  vaditajs: 'manager',
  vaditaja: 'manager',
  darbinieks: 'employee',
  darbiniece: 'employee',
};

const LONGEST_NAME = 80;

/**
 * Decides what each line of a file changes. A line is taken whole or not at all; an empty cell changes nothing,
 * a dash takes away. Lines are judged one after another, each after those before it.
 * @param digest the look-up digest of an e-mail address
 */
export function planImport(file: readonly FileLine[], state: ImportState, digest: (email: string) => string): ImportPlan {
  const book = new Book(state, digest);
  const lines = file.map((line): ImportLine => {
    const who = line.values.email || line.values.name || '';
    return { line: line.line, who, result: book.apply(line) };
  });
  return { lines, people: book.changed(), newTeams: book.teams.added, newLocations: book.locations.added };
}

type Result = ImportLine['result'];
const fail = (failure: ImportFailure, cell: string): Result => ({ failure, cell });

/** Names by their folded form, with those that the file adds. */
class Names {
  readonly added: string[] = [];
  readonly #byFold = new Map<string, string>();
  readonly #nameById = new Map<string, string>();

  constructor(known: readonly { readonly id: string; readonly name: string }[]) {
    for (const { id, name } of known) {
      this.#byFold.set(foldName(name), name);
      this.#nameById.set(id, name);
    }
  }

  nameOf(id: string | null): string | null {
    return id ? (this.#nameById.get(id) ?? null) : null;
  }

  /** The name as it is kept: that of the known one, or the new one as written. */
  take(written: string): string {
    const fold = foldName(written) || written;
    const known = this.#byFold.get(fold);
    if (known !== undefined) return known;
    this.#byFold.set(fold, written);
    this.added.push(written);
    return written;
  }
}

interface Entry {
  readonly before: FilePerson;
  role: Role;
  lineManagerId: string | null;
  teamName: string | null;
  locationName: string | null;
  readonly fields: Set<ImportField>;
  named: boolean;
}

class Book {
  readonly teams: Names;
  readonly locations: Names;
  readonly #entries = new Map<string, Entry>();
  readonly #byEmail = new Map<string, string>();
  readonly #byName = new Map<string, string[]>();

  constructor(
    private readonly state: ImportState,
    private readonly digest: (email: string) => string,
  ) {
    this.teams = new Names(state.teams);
    this.locations = new Names(state.locations);
    for (const person of state.people) {
      this.#entries.set(person.id, {
        before: person,
        role: person.role,
        lineManagerId: person.lineManagerId,
        teamName: this.teams.nameOf(person.teamId),
        locationName: this.locations.nameOf(person.locationId),
        fields: new Set(),
        named: false,
      });
      if (person.emailHash) this.#byEmail.set(person.emailHash, person.id);
      const fold = foldName(person.name);
      this.#byName.set(fold, [...(this.#byName.get(fold) ?? []), person.id]);
    }
  }

  apply({ values }: FileLine): Result {
    const who = values.email || values.name || '';
    if (!who) return fail('person_missing', '');
    const found = this.#find(who);
    if (found === 'none') return fail('person_unknown', who);
    if (found === 'several') return fail('person_ambiguous', who);
    if (found.named) return fail('person_twice', who);

    const role = values.role ? ROLE_NAMES[foldName(values.role)] : found.role;
    if (!role) return fail('role_unknown', values.role ?? '');
    if (found.role === 'owner' && role !== 'owner') {
      if (found.before.id === this.state.actorId) return fail('own_role', values.role ?? '');
      if (![...this.#entries.values()].some((other) => other !== found && other.role === 'owner'))
        return fail('last_owner', values.role ?? '');
    }

    let lineManagerId = found.lineManagerId;
    if (values.line_manager) {
      const manager = NONE.has(values.line_manager.toLowerCase()) ? null : this.#find(values.line_manager);
      if (manager === 'none') return fail('manager_unknown', values.line_manager);
      if (manager === 'several') return fail('manager_ambiguous', values.line_manager);
      lineManagerId = manager?.before.id ?? null;
      if (lineManagerId && this.#leadsTo(lineManagerId, found.before.id)) return fail('own_line', values.line_manager);
    }
    const tooLong = [values.team, values.location].find((name) => name && [...name].length > LONGEST_NAME);
    if (tooLong) return fail('name_too_long', tooLong);

    // Nothing was written down before the whole line was found good.
    const teamName = values.team ? named(this.teams, values.team) : found.teamName;
    const locationName = values.location ? named(this.locations, values.location) : found.locationName;
    const changed: ImportField[] = [
      ...(role !== found.role ? (['role'] as const) : []),
      ...(lineManagerId !== found.lineManagerId ? (['line_manager'] as const) : []),
      ...(teamName !== found.teamName ? (['team'] as const) : []),
      ...(locationName !== found.locationName ? (['location'] as const) : []),
    ];
    Object.assign(found, { role, lineManagerId, teamName, locationName, named: true });
    for (const field of changed) found.fields.add(field);
    return { changed };
  }

  changed(): ImportedPerson[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.fields.size > 0)
      .map(({ before, role, lineManagerId, teamName, locationName, fields }) => ({
        before,
        role,
        lineManagerId,
        teamName,
        locationName,
        changed: [...fields],
      }));
  }

  #find(who: string): Entry | 'none' | 'several' {
    const email = normaliseEmail(who);
    if (email) {
      const id = this.#byEmail.get(this.digest(email));
      return (id && this.#entries.get(id)) || 'none';
    }
    const [only, ...more] = this.#byName.get(foldName(who)) ?? [];
    if (more.length > 0) return 'several';
    return (only && this.#entries.get(only)) || 'none';
  }

  /** Whether somebody stands in the line above `managerId`, or is that person. */
  #leadsTo(managerId: string, personId: string): boolean {
    const seen = new Set<string>();
    for (let id: string | null = managerId; id !== null && !seen.has(id); id = this.#entries.get(id)?.lineManagerId ?? null) {
      if (id === personId) return true;
      seen.add(id);
    }
    return false;
  }
}

function named(names: Names, written: string): string | null {
  return NONE.has(written.toLowerCase()) ? null : names.take(written);
}

/** Whether a change of role gives more to do. */
export const isRaised = (person: ImportedPerson): boolean => person.role !== person.before.role && hasRole(person.role, person.before.role);
