import { button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import type { Block } from '../../../core/rich.js';
import { instant, key, words } from '../../../core/text.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import type { Material, Task } from './model.js';
import { within } from './refs.js';
import { taskRow } from './task-card.js';

export interface Afterwards {
  readonly materials: readonly Material[];
  readonly tasks: readonly Task[];
  /** The reader's day, `YYYY-MM-DD`. */
  readonly today: string;
  /** The reader may add to it. */
  readonly runs: boolean;
  /** Minutes can be written. */
  readonly begun: boolean;
}

const KINDS: Readonly<Record<Material['kind'], string>> = {
  link: 'seminars.material.kind_link',
  text: 'seminars.material.kind_text',
  file: 'seminars.material.kind_file',
};

/** What stays of a date: minutes, recap, materials and action items. */
export function afterwardsCard(date: SeminarDate, { materials, tasks, today, runs, begun }: Afterwards, offset: number): Card {
  const all: Row[] = [...tasks.map((task) => taskRow(task, today)), ...materials.map(materialRow)];
  const rows = all.slice(offset, offset + ROWS);
  const footer = shownOf(offset, rows.length, all.length);
  const empty = all.length === 0 && date.notes === '' && date.recap === '';
  const lead = key('seminars.agenda.lead', { seminar: words(date.title), when: instant(date.startsAt) });
  return {
    summary: lead,
    title: key('seminars.afterwards.title'),
    lead,
    body: empty ? [{ kind: 'paragraph', text: key('seminars.afterwards.nothing') }] : offset > 0 ? [] : minutesOf(date),
    rows,
    actions: [
      ...turnRows(offset, all.length, (next) => within.afterwards(date.id, next)),
      ...(runs && date.state === 'planned'
        ? [
            ...(begun ? [button(key('seminars.afterwards.minutes'), within.notes(date.id))] : []),
            button(key('seminars.afterwards.add_task'), within.addTask(date.id)),
            button(key('seminars.afterwards.add_material'), within.addMaterial(date.id)),
          ]
        : []),
      button(key('seminars.agenda.to_date'), to.date(date.id)),
    ],
    ...(footer && { footer }),
  };
}

function minutesOf({ notes, recap }: SeminarDate): Block[] {
  return [
    ...(notes === '' ? [] : titled('seminars.afterwards.notes', notes)),
    ...(recap === '' ? [] : titled('seminars.afterwards.recap', recap)),
  ];
}

const titled = (heading: string, text: string): Block[] => [
  { kind: 'heading', text: key(heading) },
  { kind: 'paragraph', text: words(text) },
];

function materialRow(material: Material): Row {
  return {
    text: words(material.title),
    detail: key(KINDS[material.kind]),
    action: button(key('core.ui.open'), within.material(material.id)),
  };
}

/** One material: its text or its link; under a file what can be done with it. */
export function materialCard(date: SeminarDate, material: Material, runs: boolean): Card {
  const lead = key('seminars.material.lead', { title: words(material.title), seminar: words(date.title), when: instant(date.startsAt) });
  return {
    summary: lead,
    title: words(material.title),
    lead,
    body: material.kind === 'text' ? [{ kind: 'paragraph', text: words(material.content) }] : [],
    actions: [
      ...(material.kind === 'link' ? [{ kind: 'link' as const, label: key('seminars.material.open'), url: material.content }] : []),
      ...(runs
        ? [
            button(key('seminars.material.remove'), within.removeMaterial(material.id), {
              style: 'danger',
              confirm: {
                title: key('seminars.material.remove_title'),
                text: key('seminars.material.remove_text', { title: words(material.title) }),
                yes: key('seminars.material.remove'),
                no: key('core.ui.cancel'),
              },
            }),
          ]
        : []),
    ],
  };
}

/** A file that came with the command was added: to which date, and how to have it elsewhere. */
export function addedCard(date: SeminarDate, material: Material, others: readonly SeminarDate[]): Card {
  const lead = key('seminars.material.added', { title: words(material.title), seminar: words(date.title), when: instant(date.startsAt) });
  return {
    summary: lead,
    title: key('seminars.material.added_title'),
    lead,
    ...(others.length > 0 && { body: [{ kind: 'paragraph' as const, text: key('seminars.material.elsewhere') }] }),
    rows: others.slice(0, ROWS).map((other) => ({
      text: words(other.title),
      detail: instant(other.startsAt),
      action: button(key('seminars.material.move'), within.moveMaterial(material.id, other.id)),
    })),
    actions: [button(key('seminars.afterwards.title'), within.afterwards(date.id))],
  };
}

/** To which date something is to be added. */
export function chooseDateCard(dates: readonly SeminarDate[]): Card {
  const lead = key('seminars.material.choose');
  return {
    summary: lead,
    title: key('seminars.afterwards.add_material'),
    lead,
    rows: dates.slice(0, ROWS).map((date) => ({
      text: words(date.title),
      detail: instant(date.startsAt),
      action: button(key('core.ui.open'), within.addMaterial(date.id)),
    })),
  };
}
