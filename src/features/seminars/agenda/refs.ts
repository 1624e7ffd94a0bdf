import { ref } from '../../../core/ref.js';
import type { ItemState } from './model.js';

/** Where buttons of the agenda's own cards lead; `here`: the answer takes the card's place. */
export const within = {
  agenda: (dateId: string, offset = 0) => ref('seminars.agenda', { dateId, offset, here: true }),
  item: (itemId: string) => ref('seminars.item', { itemId, here: true }),
  take: (itemId: string, from: ItemState, here: boolean) => ref('seminars.item_take', { itemId, from, ...(here && { here }) }),
  leave: (itemId: string, from: ItemState, here: boolean) => ref('seminars.item_leave', { itemId, from, ...(here && { here }) }),
  up: (itemId: string) => ref('seminars.item_up', { itemId, here: true }),
  afterwards: (dateId: string, offset = 0) => ref('seminars.afterwards', { dateId, offset, here: true }),
  notes: (dateId: string) => ref('seminars.notes_open', { dateId }),
  addMaterial: (dateId: string) => ref('seminars.material_open', { dateId }),
  material: (materialId: string) => ref('seminars.material_get', { materialId }),
  removeMaterial: (materialId: string) => ref('seminars.material_remove', { materialId }),
  moveMaterial: (materialId: string, dateId: string) => ref('seminars.material_move', { materialId, dateId }),
  addTask: (dateId: string) => ref('seminars.task_open', { dateId }),
  changeTask: (dateId: string, taskId: string) => ref('seminars.task_open', { dateId, taskId }),
  task: (taskId: string) => ref('seminars.task', { taskId }),
  taskDone: (taskId: string) => ref('seminars.task_done', { taskId }),
  taskDrop: (taskId: string) => ref('seminars.task_drop', { taskId }),
  taskDay: (taskId: string) => ref('seminars.task_day_open', { taskId }),
  tasks: (offset = 0) => ref('seminars.tasks', { offset }),
} as const;
