import type { Interpreter } from '../../interpreter/interpreter';
import type { Shape } from '../../shapes/shape';
import type { LayerCallFact, LayerFact, Mode, ModelFact, TensorFact } from '../../trace/facts';
import { Names } from './layers';
import type { CustomLayerObject } from './objects/customLayer';
import type { LayerObject } from './objects/layer';
import type { ModelObject } from './objects/model';

/** What the library keeps in one run: the counters of names and ids, and the objects behind facts. */
export class TfjsState {
  /** Each entry file is a program of its own: names count from one again. */
  names = new Names();
  readonly layers = new Map<LayerFact, LayerObject>();
  readonly modelObjects = new Map<ModelFact, ModelObject>();
  /** Layers of users' classes in graphs that did not run yet. */
  readonly waiting = new Set<CustomLayerObject>();
  /** Calls in a graph that tfjs refuses: told once, not again wherever the model runs. */
  readonly refused = new Set<LayerCallFact>();
  /** Inputs whose shape is a list that is not known: the shape that they have if they are of a rank. */
  readonly openInputs = new WeakMap<TensorFact, (rank: number) => Shape>();
  /** Outputs of models by the sizes of their inputs. */
  readonly forwards = new Map<ModelFact, Map<string, readonly Shape[]>>();
  /** How the model that runs now normalises: what the `call` of users' layers is told. */
  mode: Mode = 'infer';
  #ids = 0;

  id(): number {
    this.#ids += 1;
    return this.#ids;
  }
}

const KEY = Symbol('tfjs');

/** Runs a model in a mode. */
export function inMode<T>(interpreter: Interpreter, mode: Mode, run: () => T): T {
  const state = stateOf(interpreter);
  const before = state.mode;
  state.mode = mode;
  try {
    return run();
  } finally {
    state.mode = before;
  }
}

export function stateOf(interpreter: Interpreter): TfjsState {
  return interpreter.store(KEY, () => new TfjsState());
}

/** The counters of names, to count on with: a path that is taken back has not counted. */
export function namesOf(interpreter: Interpreter): Names {
  const { names } = stateOf(interpreter);
  interpreter.touch(names);
  return names;
}

/** Executes the layers of users' classes that no call in view runs, so that their code is looked at all the same. */
export function executeWaiting(interpreter: Interpreter): void {
  const { waiting } = stateOf(interpreter);
  for (const layer of [...waiting]) layer.executeWaiting(interpreter);
}
