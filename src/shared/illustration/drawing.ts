/** A picture as data: what the page draws with lit and a hover with text, from one description. */

export interface PathShape {
  readonly kind: 'path';
  /** Its role, which is its class on the page: `face`, `lit`, `grid`, `border`, … */
  readonly role: string;
  readonly d: string;
}

export interface TextShape {
  readonly kind: 'text';
  readonly role: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Degrees clockwise around (x, y). */
  readonly angle?: number;
  readonly words: string;
}

export type Shape = PathShape | TextShape;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** What the picture says, for who does not see it. */
  readonly words: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A coordinate with two decimals: finer is not seen. */
export const coordinate = (value: number): string => String(Math.round(value * 100) / 100);

export const line = (a: Point, b: Point): string =>
  `M${coordinate(a.x)} ${coordinate(a.y)}L${coordinate(b.x)} ${coordinate(b.y)}`;

export const polygon = (points: readonly Point[]): string =>
  `M${points.map(({ x, y }) => `${coordinate(x)} ${coordinate(y)}`).join('L')}Z`;

export const path = (role: string, d: string): readonly PathShape[] => (d === '' ? [] : [{ kind: 'path', role, d }]);
