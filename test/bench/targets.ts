/** A figure beside what it is to be at most (docs: design figures), as one line. */
export function beside(label: string, value: number, unit: string, atMost?: number, digits = 1): string {
  const verdict = atMost === undefined ? '' : ` (target ${atMost} ${unit}: ${value <= atMost ? 'met' : 'missed'})`;
  return `  ${label} ${value.toFixed(digits)} ${unit}${verdict}`;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
