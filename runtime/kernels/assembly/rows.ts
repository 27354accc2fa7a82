// Rows: every set is one contiguous row of `width` elements, γ and β run along the row (layer norm, RMS norm).
import { layerPairs, scalePairs, SHORT_ROW } from './rowPairs';
import { narrowRows } from './rowsNarrow';
import { layerWide, scaleWide } from './rowsWide';

/** Rows of fewer elements have no vectors to speak of. */
const NARROW_ROW: i32 = 8;

/**
 * Normalises rows · width elements; remembers mean and 1/√(variance + ε), float64[rows] each. γ is required, and β where the
 * rows are centered.
 */
export function rowsForward(
  x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, centered: i32, means: usize, rstds: usize,
): void {
  if (width < NARROW_ROW) narrowRows(x, y, rows, width, gamma, beta, epsilon, centered, means, rstds);
  else if (width <= SHORT_ROW) {
    if (centered) layerPairs(x, y, rows, width, gamma, beta, epsilon, means, rstds);
    else scalePairs(x, y, rows, width, gamma, epsilon, means, rstds);
  } else if (centered) layerWide(x, y, rows, width, gamma, beta, epsilon, means, rstds);
  else scaleWide(x, y, rows, width, gamma, epsilon, means, rstds);
}
