import { afterAll, describe, expect, it } from 'vitest';
import { compareRow, type Draws, type Tally } from './compare';

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);

/** Runs each row's draws against tfjs and prints what came of them. */
export function describeRows(title: string, draws: Readonly<Record<string, Draws>>): void {
  const tallies: Tally[] = [];
  describe(title, () => {
    it.each(Object.entries(draws))('%s gives the shapes, weights and errors of tfjs', (type, draw) => {
      const tally = compareRow(type, draw);
      tallies.push(tally);
      expect(tally.faults).toEqual([]);
      expect(tally.drawn).toBeGreaterThanOrEqual(400);
    });
    afterAll(() => console.log(tallies.map(line).join('\n')));
  });
}

function line(t: Tally): string {
  const parts = [
    `${t.drawn} calls`,
    `${t.accepted} accepted`,
    `${t.refused} refused`,
    `${percent(t.exact, t.outputs)} of outputs exact`,
    `${t.hidden} hidden`,
    `${t.symbols} symbolic`,
    `${percent(t.quoted, t.quotable)} of refusals quote tfjs`,
  ];
  return `${t.type.padEnd(22)} ${parts.join(', ')}`;
}
