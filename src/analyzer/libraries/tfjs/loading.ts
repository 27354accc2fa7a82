import type { Interpreter } from '../../interpreter/interpreter';
import { asJson } from '../../interpreter/values/json';
import { type Call, HostObject, isUnknown, PromiseValue, type Value } from '../../interpreter/values/values';
import type { Place } from '../../trace/facts';
import { directoryOf, join } from '../../workspace/paths';
import { ModelObject, TopologyObject } from './objects/model';
import { copyOf, modelOfJson, Unreadable } from './savedModel';

/** Folders that servers and bundlers serve as if they were the root. */
const SERVED = ['', '/public', '/static', '/assets', '/src'];

/** `tf.loadLayersModel(path)`: the model of the file, where it lies in the workspace. */
export function loadLayersModel({ interpreter, args: [from], at }: Call): Value {
  return new PromiseValue(loaded(from, interpreter, at));
}

/** `tf.loadGraphModel(path)`: a graph of ops, whose layers are gone. */
export function loadGraphModel({ interpreter, args: [from], at }: Call): Value {
  const found = topologyOf(from, interpreter, at);
  const text =
    found instanceof Unreadable ? found.text : 'a graph model has no layers: its shapes are known only when it runs';
  return new PromiseValue(interpreter.unknown('runtime-data', at, text));
}

/** `tf.models.modelFromJSON(json)` */
export function modelFromJSON({ interpreter, args: [json], at }: Call): Value {
  if (json instanceof TopologyObject) {
    return new PromiseValue(followed(copyOf(json.model, interpreter, at), 'this model', interpreter, at));
  }
  const topology = asJson(json);
  if (topology === undefined) {
    const reason = interpreter.because(json);
    return new PromiseValue(reason ?? interpreter.unknown('runtime-data', at, 'the JSON of this model is not known'));
  }
  return new PromiseValue(built(topology.json, 'this model', interpreter, at));
}

function loaded(from: Value, interpreter: Interpreter, at: Place): Value {
  const found = topologyOf(from, interpreter, at);
  if (found instanceof Unreadable) return interpreter.unknown('runtime-data', at, found.text);
  return built(found.json, found.path, interpreter, at);
}

function built(json: unknown, what: string, interpreter: Interpreter, at: Place): Value {
  return followed(modelOfJson(json, interpreter, at), what, interpreter, at);
}

function followed(model: ModelObject | Unreadable, what: string, interpreter: Interpreter, at: Place): Value {
  if (model instanceof ModelObject) {
    interpreter.record({ kind: 'modelBuilt', at, model: model.model });
    return model;
  }
  return interpreter.unknown('runtime-data', at, `${what} is not followed: ${model.text}`);
}

/** The JSON that a path in the program names. */
function topologyOf(
  from: Value,
  interpreter: Interpreter,
  at: Place,
): { readonly json: unknown; readonly path: string } | Unreadable {
  if (isUnknown(from)) return new Unreadable('where the model is loaded from is known only when the program runs');
  if (from instanceof HostObject || typeof from !== 'string') {
    return new Unreadable('the model comes from what the analyzer cannot read');
  }
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(from) ?? [];
  if (scheme !== undefined && scheme !== 'file') return new Unreadable(`the model is loaded from ${scheme}://`);
  for (const path of candidates(rest.replace(/[?#].*$/, ''), at.file)) {
    const text = interpreter.modules.text(path);
    if (text === undefined) continue;
    try {
      return { json: JSON.parse(text), path: rest };
    } catch {
      return new Unreadable(`${rest} is no valid JSON`);
    }
  }
  return new Unreadable(`${rest} is not in the workspace`);
}

/** Relative to the program, to a folder above it, or to what is served from there. */
function candidates(path: string, file: string): readonly string[] {
  const found = path.startsWith('/') ? [path] : [];
  const inner = path.replace(/^(?:\.?\/)+/, '');
  let folder = file;
  while (folder !== '') {
    folder = directoryOf(folder);
    for (const served of SERVED) found.push(join(`${folder}${served}`, inner));
  }
  return found;
}
