/** A drawing in the page, in the theme's colours. */
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import type { Drawing, Point, Shape } from '../src/shared/illustration';

export interface PictureEvents {
  readonly hover?: (at: Point | undefined) => void;
  readonly click?: (at: Point) => void;
  readonly key?: (event: KeyboardEvent) => void;
}

/** The hatch that says “lit” besides the colour. One in the page serves all pictures. */
export const hatch = (): TemplateResult => html`<svg class="unseen" aria-hidden="true">
  <defs>
    <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line x1="0" y1="0" x2="0" y2="5" class="hatch-line"></line>
    </pattern>
  </defs>
</svg>`;

/**
 * @param name what a screen reader says
 * @param events where given, the picture takes the focus and the keys
 */
export function picture(drawing: Drawing, name: string, events?: PictureEvents): TemplateResult {
  const { width, height } = drawing;
  const pointOf = (event: PointerEvent | MouseEvent): Point => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    };
  };
  return html`<svg
    class="picture"
    viewBox="0 0 ${width} ${height}"
    width=${width}
    height=${height}
    role=${events === undefined ? 'img' : 'application'}
    aria-label=${name}
    aria-roledescription=${events === undefined ? nothing : 'picture of a tensor'}
    tabindex=${events === undefined ? nothing : 0}
    @pointermove=${events?.hover && ((event: PointerEvent) => events.hover?.(pointOf(event)))}
    @pointerleave=${events?.hover && (() => events.hover?.(undefined))}
    @click=${events?.click && ((event: MouseEvent) => events.click?.(pointOf(event)))}
    @keydown=${events?.key}
  >
    ${drawing.shapes.map(shapeTemplate)}
  </svg>`;
}

function shapeTemplate(shape: Shape) {
  if (shape.kind === 'path') return svg`<path class=${shape.role} d=${shape.d}></path>`;
  const { x, y, anchor, angle, words, role } = shape;
  const turn = angle === undefined ? nothing : `rotate(${angle} ${x} ${y})`;
  return svg`<text class=${role} x=${x} y=${y} text-anchor=${anchor} dominant-baseline="central" transform=${turn}>${words}</text>`;
}
