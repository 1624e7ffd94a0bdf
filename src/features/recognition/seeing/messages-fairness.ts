import { button, type Card, type Fact } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import type { Block } from '../../../core/rich.js';
import { date, join, key, number, percent, person, type Text, words } from '../../../core/text.js';
import { footer, to } from './parts.js';
import { isUneven, LEAST_PEOPLE, SILENT_DAYS, shareOf, type Trend, trendOf } from './rules.js';
import type { Findings } from './schema.js';
import type { GroupCounts, SilentRow } from './store-fairness.js';

/** The name of a group by id; undefined when it is not there any more. */
export type NameOf = (id: string | null) => string | undefined;

/** How recognition is spread, in a few plain sentences; behind buttons who received nothing, and every team and location. */
export function fairnessCard(findings: Findings, nameOf: NameOf, anew?: boolean): Card {
  const lead = fairnessLead(findings);
  return {
    summary: lead,
    title: key('recognition.fairness.title'),
    lead,
    facts: factsOf(findings),
    body: [...paragraph(teamsText(findings, nameOf)), ...paragraph(locationsText(findings, nameOf))],
    actions: [
      button(key('recognition.fairness.see_silent', { days: SILENT_DAYS }), to.silent(0, anew), { style: 'primary' }),
      button(key('recognition.fairness.see_teams'), to.groups('team', 0, anew)),
      button(key('recognition.fairness.see_locations'), to.groups('location', 0, anew)),
    ],
    footer: key('recognition.fairness.footer', { days: SILENT_DAYS }),
  };
}

const paragraph = (text: Text | undefined): readonly Block[] => (text ? [{ kind: 'paragraph', text }] : []);

/** The finding in one sentence. */
export function fairnessLead(findings: Findings): Text {
  const { people, reached, peopleBefore, reachedBefore } = findings;
  if (people < LEAST_PEOPLE) return key('recognition.fairness.too_few', { people });
  const share = percent(reached / people);
  const before = percent(peopleBefore === 0 ? 0 : reachedBefore / peopleBefore);
  const leads: Readonly<Record<Trend, Text>> = {
    unknown: key('recognition.fairness.lead', { share, days: SILENT_DAYS }),
    same: key('recognition.fairness.lead_same', { share, days: SILENT_DAYS }),
    up: key('recognition.fairness.lead_up', { share, before, days: SILENT_DAYS }),
    down: key('recognition.fairness.lead_down', { share, before, days: SILENT_DAYS }),
  };
  return leads[trendOf(findings)];
}

function factsOf({ people, reached, kudos, silent }: Findings): readonly Fact[] {
  const counted = {
    label: key('recognition.fairness.silent', { days: SILENT_DAYS }),
    value: key('recognition.fairness.people', { count: silent }),
  };
  if (people < LEAST_PEOPLE) return [counted];
  return [
    { label: key('recognition.fairness.reached'), value: key('recognition.fairness.reached_value', { reached, people }) },
    { label: key('recognition.fairness.each'), value: number(perPerson(kudos, people)) },
    counted,
  ];
}

/** Kudos for each person, one decimal. */
const perPerson = (kudos: number, people: number): number => Math.round((kudos / Math.max(1, people)) * 10) / 10;

function teamsText({ teamLow, teamLowShare, teamHigh, teamHighShare }: Findings, nameOf: NameOf): Text | undefined {
  const params = apart(nameOf(teamLow), teamLowShare, nameOf(teamHigh), teamHighShare);
  if (!params) return undefined;
  return isUneven(teamLowShare ?? 0, teamHighShare ?? 0)
    ? key('recognition.fairness.teams_uneven', params)
    : key('recognition.fairness.teams_even', params);
}

function locationsText({ locationLow, locationLowShare, locationHigh, locationHighShare }: Findings, nameOf: NameOf): Text | undefined {
  const params = apart(nameOf(locationLow), locationLowShare, nameOf(locationHigh), locationHighShare);
  if (!params) return undefined;
  return isUneven(locationLowShare ?? 0, locationHighShare ?? 0)
    ? key('recognition.fairness.locations_uneven', params)
    : key('recognition.fairness.locations_even', params);
}

function apart(low: string | undefined, lowShare: number | null, high: string | undefined, highShare: number | null) {
  if (low === undefined || high === undefined || lowShare === null || highShare === null) return undefined;
  return { low: words(low), lowShare: percent(lowShare), high: words(high), highShare: percent(highShare) };
}

/** Who received nothing: the reader's own line first. */
export function silentCard(rows: readonly SilentRow[], total: number, own: number, offset: number, dayOf: (at: Date) => string): Card {
  const lead =
    total === 0
      ? key('recognition.fairness.silent_none', { days: SILENT_DAYS })
      : own > 0
        ? key('recognition.fairness.silent_lead_own', { count: total, own, days: SILENT_DAYS })
        : key('recognition.fairness.silent_lead', { count: total, days: SILENT_DAYS });
  return {
    summary: lead,
    title: key('recognition.fairness.silent_title'),
    lead,
    rows: rows.map((row) => ({
      text: person(row.name),
      detail: join(
        [
          ...(row.own ? [key('recognition.fairness.own')] : []),
          ...(row.team ? [words(row.team)] : []),
          row.last ? key('recognition.fairness.last', { day: date(dayOf(row.last)) }) : key('recognition.fairness.never'),
        ],
        ' · ',
      ),
    })),
    actions: [
      ...turnRows(offset, total, (next) => to.silent(next)),
      ...(total > 0 ? [button(key('recognition.seeing.give'), to.give())] : []),
      button(key('recognition.fairness.back'), to.fairness()),
    ],
    ...footer(shownOf(offset, rows.length, total) ?? key('recognition.fairness.footer', { days: SILENT_DAYS })),
  };
}

/** Every team, or every location: where the fewest people received kudos comes first, after them what can't be told, and those who belong to none. */
export function groupsCard(kind: 'team' | 'location', groups: readonly GroupCounts[], offset: number): Card {
  const last = (group: GroupCounts) => (group.id === null ? 2 : isSmall(group) ? 1 : 0);
  const shown = [...groups].sort((a, b) => last(a) - last(b) || shareOf(a) - shareOf(b)).slice(offset, offset + ROWS);
  const title = kind === 'team' ? key('recognition.fairness.teams_title') : key('recognition.fairness.locations_title');
  const nothing = kind === 'team' ? key('recognition.fairness.no_team') : key('recognition.fairness.no_location');
  return {
    summary: title,
    title,
    lead: key('recognition.fairness.groups_lead', { days: SILENT_DAYS }),
    rows: shown.map((group) => ({
      text: group.id === null ? nothing : words(group.name),
      detail: isSmall(group)
        ? key('recognition.fairness.group_too_few', { people: group.people })
        : key('recognition.fairness.group', {
            share: percent(shareOf(group)),
            people: group.people,
            each: number(perPerson(group.kudos, group.people)),
          }),
    })),
    actions: [
      ...turnRows(offset, groups.length, (next) => to.groups(kind, next)),
      kind === 'team'
        ? button(key('recognition.fairness.see_locations'), to.groups('location', 0))
        : button(key('recognition.fairness.see_teams'), to.groups('team', 0)),
      button(key('recognition.fairness.back'), to.fairness()),
    ],
    ...footer(shownOf(offset, shown.length, groups.length)),
  };
}

const isSmall = ({ people }: GroupCounts): boolean => people < LEAST_PEOPLE;
