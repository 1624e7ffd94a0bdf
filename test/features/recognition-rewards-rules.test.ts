import { describe, expect, it } from 'vitest';
import { decidersOf } from '../../src/features/recognition/rewards/deciders.js';
import { stockAfter } from '../../src/features/recognition/rewards/keeping.js';
import { readMoney, readWhole, writeMoney } from '../../src/features/recognition/rewards/money.js';

const wish = (values: object = {}) => ({ personId: 'ana', lineManagerId: 'lead', fulfillerId: 'fay', fulfillerActive: true, ...values });
const away = (personId: string, deputyId: string | null) => ({ personId, deputyId });

describe('who decides', () => {
  it.each([
    ['the line manager', [], wish(), ['lead']],
    ['the deputy of the line manager', [away('lead', 'dan')], wish(), ['dan']],
    ['the deputy of the deputy', [away('lead', 'dan'), away('dan', 'eve')], wish(), ['eve']],
    ['the managers when the deputy redeems', [away('lead', 'ana')], wish(), ['mia', 'max']],
    ['the managers when the deputy has left', [away('lead', null)], wish(), ['mia', 'max']],
    ['the managers when two stand in for one another', [away('lead', 'dan'), away('dan', 'lead')], wish(), ['mia', 'max']],
    ['the managers when there is no line manager', [], wish({ lineManagerId: null }), ['mia', 'max']],
    ['the managers but the one who redeems', [], wish({ personId: 'mia', lineManagerId: null }), ['max']],
    ['the managers when somebody is the own line manager', [], wish({ personId: 'max', lineManagerId: 'max' }), ['mia']],
    ['the deputies of managers, each once', [away('mia', 'dan'), away('max', 'dan')], wish({ lineManagerId: null }), ['dan']],
    ['the owners where no manager is left', [away('mia', 'ana'), away('max', null)], wish({ lineManagerId: null }), ['own']],
  ])('%s', (_, absent, redemption, expected) => {
    expect(decidersOf(absent, ['mia', 'max'], ['own']).approversOf(redemption)).toEqual(expected);
  });

  it('never the one who redeems, and else managers, the line manager and the deputies', () => {
    const deciders = decidersOf([away('lead', 'dan')], ['mia'], ['own']);
    const may = (id: string, role: 'employee' | 'manager' | 'owner', redemption = wish()) => deciders.mayDecide({ id, role }, redemption);
    expect([may('mia', 'manager'), may('own', 'owner'), may('lead', 'employee'), may('dan', 'employee')]).toEqual([true, true, true, true]);
    expect([may('eve', 'employee'), may('ana', 'owner'), may('fay', 'employee')]).toEqual([false, false, false]);
    expect(may('dan', 'employee', wish({ personId: 'dan' }))).toBe(false);
  });

  it('hands over: the fulfiller or the deputy, the managers after a leaver', () => {
    const deciders = decidersOf([away('fay', 'dan')], ['mia', 'max'], ['own']);
    expect(deciders.fulfillersOf(wish())).toEqual(['dan']);
    expect(deciders.fulfillersOf(wish({ fulfillerActive: false }))).toEqual(['mia', 'max']);
    expect(deciders.fulfillersOf(wish({ fulfillerActive: false, personId: 'mia' }))).toEqual(['max']);
    expect(decidersOf([], ['mia'], []).fulfillersOf(wish({ fulfillerActive: false, personId: 'mia' }))).toEqual(['mia']);
    expect(deciders.mayHandOver({ id: 'mia', role: 'manager' }, wish({ personId: 'mia' }))).toBe(false);
    expect(deciders.mayHandOver({ id: 'eve', role: 'employee' }, wish())).toBe(false);
    expect(deciders.mayHandOver({ id: 'fay', role: 'employee' }, wish({ fulfillerActive: false }))).toBe(false);
  });
});

describe('what people type', () => {
  it.each([
    ['12.50', 'EUR', 1250],
    ['12,5', 'EUR', 1250],
    ['1 250', 'EUR', 125_000],
    ['12', 'EUR', 1200],
    ['12', 'JPY', 12],
    ['1.234', 'KWD', 1234],
    ['12.505', 'EUR', undefined],
    ['12.5', 'JPY', undefined],
    ['-1', 'EUR', undefined],
    ['1e3', 'EUR', undefined],
    ['=1', 'EUR', undefined],
    ['', 'EUR', undefined],
  ])('%s in %s', (typed, currency, minor) => {
    expect(readMoney(typed, currency)).toBe(minor);
  });

  it('is written as it is read', () => {
    expect([writeMoney(1250, 'EUR', 'en'), writeMoney(125_000, 'EUR', 'lv'), writeMoney(12, 'JPY', 'en')]).toEqual([
      '12.50',
      '1250,00',
      '12',
    ]);
    expect(['10', ' 1 000 ', '1.5', '-1', '12345678', 'x'].map(readWhole)).toEqual([10, 1000, undefined, undefined, undefined, undefined]);
  });
});

it('moves the stock by as much as it was changed', () => {
  // now, as the form began, as it was sent
  expect(stockAfter(3, 5, 6)).toBe(4);
  expect(stockAfter(1, 5, 3)).toBe(0);
  expect(stockAfter(3, 5, null)).toBeNull();
  expect(stockAfter(3, null, 7)).toBe(7);
  expect(stockAfter(null, 5, 7)).toBe(7);
});
