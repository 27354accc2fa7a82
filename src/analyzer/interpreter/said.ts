import type { ProgramFile } from '../program/nodes';
import { type SaidShape, shapeComments, type Target } from '../program/shapeComments';
import { type Dim, mul, type Poly, symbol } from '../shapes/dim';
import type { Interpreter } from './interpreter';
import type { Value } from './values/values';

/** What authors say of shapes in one run. */
class Said {
  readonly #shapes = new Map<Target, SaidShape & { readonly file: string }>();
  /** One name is one size in the whole file. */
  readonly #names = new Map<string, Poly>();

  add(program: ProgramFile): void {
    for (const [target, shape] of shapeComments(program)) this.#shapes.set(target, { ...shape, file: program.path });
  }

  shapeOf(target: Target): (SaidShape & { readonly file: string }) | undefined {
    return this.#shapes.get(target);
  }

  size(file: string, name: string): Poly {
    const key = `${file}\0${name}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const made = symbol(name);
    this.#names.set(key, made);
    return made;
  }
}

const KEY = Symbol('said');

/** Makes the shapes known that the comments of a module say. */
export function declareShapes(interpreter: Interpreter, program: ProgramFile): void {
  if (!program.comments.some(({ text }) => text.includes('@shape'))) return;
  interpreter.store(KEY, () => new Said()).add(program);
  interpreter.annotated = true;
}

/** The value that is bound to `target`, with what its author says of its shape. */
export function withSaidShape(interpreter: Interpreter, target: Target, value: Value): Value {
  const all = interpreter.store(KEY, () => new Said());
  const said = all.shapeOf(target);
  if (said === undefined) return value;
  const { file, dims, at } = said;
  const sizes = dims.map(
    (dim): Dim => (typeof dim === 'object' && dim !== null ? mul(dim.times, all.size(file, dim.name)) : dim),
  );
  return interpreter.library.ofShape?.(value, sizes, interpreter, { file, ...at }) ?? value;
}
