/** Numbers as the page shows them. */

const MINUS = '−';

/** A setting: as short as it is exact; thousands apart. */
export function plainNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return superscript(value);
  // Written here, not by Intl: its first use loads the locale's data, 30 ms that the first frame would wait for.
  const [whole = '', fraction = ''] = Math.abs(value)
    .toFixed(6)
    .replace(/\.?0+$/, '')
    .split('.');
  const words = `${thousands(Number(whole))}${fraction === '' ? '' : `.${fraction}`}`;
  return value < 0 && words !== '0' ? `${MINUS}${words}` : words;
}

/** A count, thousands apart: 25,088. */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A measured number with three decimals, or in powers of ten where these say nothing. */
export function measured(value: number, decimals = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 10 ** -decimals / 2 || size >= 1e6)) return superscript(value);
  const digits = size >= 1000 ? 1 : size >= 100 ? 2 : decimals;
  const words = value.toFixed(digits);
  // No −0.000.
  return Number(words) === 0 ? (0).toFixed(digits) : words.replace('-', MINUS);
}

export const percent = (share: number): string =>
  `${share !== 0 && Math.abs(share) < 0.001 ? superscript(share * 100) : (share * 100).toFixed(1)} %`;

const RAISED = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** 0.00001 → 10⁻⁵, 0.000025 → 2.5·10⁻⁵. */
function superscript(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(2).split('e');
  const raised = `${Number(exponent) < 0 ? '⁻' : ''}${[...String(Math.abs(Number(exponent)))].map((d) => RAISED[Number(d)]).join('')}`;
  const factor = Number(mantissa);
  const power = `10${raised}`;
  return factor === 1 ? power : `${String(factor).replace('-', MINUS)}·${power}`;
}

/** 1 mean, 4 means. */
export const count = (n: number, one: string, many = `${one}s`): string => `${thousands(n)} ${n === 1 ? one : many}`;
