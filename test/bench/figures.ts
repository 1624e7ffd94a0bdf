/** One measured figure. `atMost` and `measured` are in the same unit; without `atMost` it is only told. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 's' | 'MB' | 'count' | 'times' | 'a second';
  readonly measured: number;
  readonly atMost?: number;
  /** For what must be reached exactly, such as 1,000 signatures of 1,000. */
  readonly exactly?: number;
}

export const isMissed = ({ measured, atMost, exactly }: Figure): boolean =>
  !Number.isFinite(measured) || (atMost !== undefined && measured >= atMost) || (exactly !== undefined && measured !== exactly);

/** The figures as a table in Markdown, so that it can be kept as it is printed. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const judged = figure.atMost !== undefined || figure.exactly !== undefined;
    return [figure.name, targetOf(figure), amount(figure.measured, figure), !judged ? '' : isMissed(figure) ? 'MISSED' : 'ok'];
  });
  const all = [['figure', 'target', 'measured', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(6, ...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}

function targetOf(figure: Figure): string {
  if (figure.atMost !== undefined) return `under ${amount(figure.atMost, figure)}`;
  return figure.exactly !== undefined ? amount(figure.exactly, figure) : '';
}

function amount(value: number, { unit }: Figure): string {
  if (unit === 'count') return value.toLocaleString('en');
  const digits = unit === 's' || unit === 'times' ? 2 : unit === 'ms' && value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

/** @param share 0.5 is the median; the nearest rank, so always a value that was measured */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
