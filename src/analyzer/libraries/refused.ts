import type { LayerFact, Refusal, RefusalCode } from '../trace/facts';

/** Thrown by a table entry where tfjs would throw, for every value that the unknown parts may take. */
export class Refused extends Error {
  readonly refusal: Refusal;
  /** The layer inside a model that refused. */
  layer: LayerFact | undefined;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * Refuses as tfjs would.
 * @param message our words, with the sizes; one line of at most about 100 characters
 * @param more tfjs's own words, when it says them (default: as the call runs), the argument at fault
 */
export function refuse(
  code: RefusalCode,
  message: string,
  more: Partial<Omit<Refusal, 'code' | 'message'>> = {},
): never {
  throw new Refused({ code, message, original: undefined, when: 'call', argument: undefined, ...more });
}
