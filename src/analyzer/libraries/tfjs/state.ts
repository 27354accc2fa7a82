import type { Interpreter } from '../../interpreter/interpreter';
import type { LayerFact, ModelFact } from '../../trace/facts';
import { Names } from './layers';
import type { LayerObject } from './objects/layer';
import type { ModelObject } from './objects/model';

/** What the library keeps in one run: the counters of names and ids, and the objects behind facts. */
export class TfjsState {
  /** Each entry file is a program of its own: names count from one again. */
  names = new Names();
  readonly layers = new Map<LayerFact, LayerObject>();
  readonly modelObjects = new Map<ModelFact, ModelObject>();
  #ids = 0;

  id(): number {
    this.#ids += 1;
    return this.#ids;
  }
}

const KEY = Symbol('tfjs');

export function stateOf(interpreter: Interpreter): TfjsState {
  return interpreter.store(KEY, () => new TfjsState());
}
