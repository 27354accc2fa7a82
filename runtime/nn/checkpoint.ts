import type { BatchPosition } from './batches';
import type { RandomState } from './random';
import type { Floats, Precision } from './tensor';
import type { TrainConfig } from './trainConfig';

/** A stopped run: plain data that survives JSON and structured clone; numbers are kept bit for bit. */
export interface Checkpoint {
  readonly version: 1;
  readonly precision: Precision;
  readonly config: TrainConfig;
  readonly step: number;
  readonly batches: BatchPosition;
  readonly noise: RandomState;
  /** Parameters, the optimizer's slots, and running statistics: little-endian floats in base64. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly slots: readonly (readonly string[])[];
  readonly buffers: Readonly<Record<string, string>>;
}

/** A checkpoint does not belong to this network, or is damaged. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

const CHUNK = 8192; // `fromCharCode` takes its arguments on the stack

export function encodeFloats(values: Floats): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(text);
}

/** @throws CheckpointError when the text does not hold exactly as many floats as `into`. */
export function decodeFloats(into: Floats, text: string | undefined, name: string): void {
  if (text === undefined) throw new CheckpointError(`The checkpoint has no ${name}.`);
  const bytes = bytesOf(text, name);
  if (bytes.length !== into.byteLength) {
    throw new CheckpointError(`${name}: expected ${into.byteLength} bytes, got ${bytes.length}.`);
  }
  new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(bytes);
}

function bytesOf(text: string, name: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new CheckpointError(`${name}: expected base64.`);
  }
}
