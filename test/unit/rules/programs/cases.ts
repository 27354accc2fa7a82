import type { Program } from '../idioms';

/** A rule's programs: each incorrect one fires the rule (at the mark, where there is one), each correct one does not. */
export interface Cases {
  readonly rule: string;
  readonly incorrect: readonly (readonly Program[])[];
  readonly correct: readonly (readonly Program[])[];
}

export const COMPILE = "model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });";

/** Compiles and fits on random data of these shapes, 640 samples in 20 full batches for 50 epochs. */
export function fitted(input: string, output: string, options = 'batchSize: 32, epochs: 50', samples = 640): string {
  const shape = (rest: string): string => `[${samples}, ${rest}]`;
  return `${COMPILE}\nawait model.fit(tf.randomNormal(${shape(input)}), tf.randomNormal(${shape(output)}), { ${options} });`;
}
