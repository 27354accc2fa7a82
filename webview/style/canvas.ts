/** Pixels in the page. */

import { createRef, ref } from 'lit/directives/ref.js';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Pixels } from './pictures';

/** A canvas that shows the pixels of the moment. */
export class Picture {
  readonly #canvas = createRef<HTMLCanvasElement>();

  constructor(private readonly id: string) {}

  get element(): HTMLCanvasElement | undefined {
    return this.#canvas.value;
  }

  /** @param name what a screen reader says */
  template(pixels: Pixels | undefined, name: string): TemplateResult {
    const { width = 256, height = 256 } = pixels ?? {};
    // Sizes are set before references are called, which is well: setting one empties a canvas.
    return html`<canvas
      id=${this.id}
      width=${width}
      height=${height}
      role="img"
      aria-label=${name}
      data-ready=${pixels === undefined ? nothing : 'true'}
      ${ref(this.#canvas)}
      ${ref((element) => {
        if (!(element instanceof HTMLCanvasElement) || pixels === undefined) return;
        element.getContext('2d')?.putImageData(new ImageData(pixels.rgba as ImageDataArray, width, height), 0, 0);
      })}
    ></canvas>`;
  }
}

/** Longest side of a reader's picture; larger ones are made smaller. */
const LONGEST = 320;

/**
 * A file of the reader's as pixels. It goes nowhere: it is decoded here and handed to the worker.
 * @throws Error where the browser cannot read it as a picture
 */
export async function pixelsOfFile(file: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(file);
  try {
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
    const canvas = document.createElement('canvas');
    canvas.width = width ?? 1;
    canvas.height = height ?? 1;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('this browser draws no pictures');
    // Transparent parts become white.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return {
      width: canvas.width,
      height: canvas.height,
      rgba: context.getImageData(0, 0, canvas.width, canvas.height).data,
    };
  } finally {
    bitmap.close();
  }
}
