/**
 * Several things of which nobody knows in which order they happen. Each is looked at first for what it changes; then it runs
 * from a state in which the others may have changed theirs. What one alone changes is certain once all have run.
 */
import { doubt, effectOf } from '../effects/foreseen';
import type { Delta, Mutable } from '../effects/journal';
import type { Group, Interpreter } from '../interpreter';

/** More than these are not told apart: all of them may have run before each. */
const MAX_APART = 24;

/** The number of the one that changes something; of what several change, or what waits for several of them, `'shared'`. */
type Owner = number | 'shared';

/**
 * @param runs each with all that follows from it
 * @param goOn runs what follows when all have run
 */
export function runTogether(interpreter: Interpreter, runs: readonly (() => void)[], goOn: () => void): void {
  // Within a look at effects their order does not matter much, and looks within looks would multiply.
  if (interpreter.foreseeing) for (const run of runs) run();
  else new Together(interpreter, runs, goOn).run();
}

class Together implements Group {
  readonly size: number;
  readonly around: Group | undefined;
  readonly after: (() => void)[] = [];
  current = 0;
  readonly #interpreter: Interpreter;
  readonly #runs: readonly (() => void)[];
  readonly #owners = new Map<Mutable, Owner>();
  /** Of what waits for all of them, and changes what none of them does: how it was before. */
  readonly #before: ReadonlyMap<Mutable, unknown>;
  /** What everybody sees of what others change. */
  readonly #shown: Map<Mutable, unknown>;
  /** Whether something was changed since the others may have run. */
  #isChanged: (mutable: Mutable) => boolean;
  /** Whether something was changed since the one that runs settled what is waited for together with others. */
  #isLate: ((mutable: Mutable) => boolean) | undefined;

  constructor(interpreter: Interpreter, runs: readonly (() => void)[], goOn: () => void) {
    this.#interpreter = interpreter;
    this.#runs = runs;
    this.size = runs.length;
    this.around = interpreter.group;
    const effects = runs.map((run) => effectOf(interpreter, run));
    const { whole, shared } = jointly(interpreter, effects, runs, goOn);
    const mutables = [...effects, whole].flatMap((effect) => [...effect.keys()]);
    this.#before = new Map(mutables.map((mutable) => [mutable, mutable.snapshot()]));
    for (const [i, effect] of effects.entries())
      for (const mutable of effect.keys())
        this.#owners.set(mutable, this.#owners.has(mutable) || runs.length > MAX_APART ? 'shared' : i);
    for (const mutable of shared) this.#owners.set(mutable, 'shared');
    for (const effect of [...effects, whole]) doubt(interpreter, effect);
    this.#shown = new Map(mutables.map((mutable) => [mutable, mutable.snapshot()]));
    this.#isChanged = interpreter.journal.watch();
  }

  run(): void {
    const { journal } = this.#interpreter;
    const nobodys = [...this.#before].filter(([mutable]) => !this.#owners.has(mutable));
    const ended = [{ states: new Map(nobodys) as ReadonlyMap<Mutable, unknown>, isChanged: journal.watch() }];
    this.#interpreter.group = this;
    try {
      for (const [i, run] of this.#runs.entries()) {
        this.current = i;
        ended.push({ states: this.#runOne(run), isChanged: journal.watch() });
      }
    } finally {
      this.#interpreter.group = this.around;
    }
    for (const { states, isChanged } of ended)
      for (const [mutable, state] of states) if (!isChanged(mutable)) this.#set(mutable, state);
    for (const goOn of this.after) goOn();
  }

  /** @returns the states of what it alone changes, in which they stay */
  #runOne(run: () => void): ReadonlyMap<Mutable, unknown> {
    const own = [...this.#owners].filter(([, owner]) => owner === this.current).map(([mutable]) => mutable);
    for (const mutable of own) this.#set(mutable, this.#before.get(mutable));
    this.#isLate = undefined;
    const isChanged = this.#interpreter.journal.watch();
    run();
    // What waits for it together with others may have gone on before it changed this.
    const certain = own.filter((mutable) => this.#isLate?.(mutable) !== true);
    const states = new Map(certain.map((mutable) => [mutable, mutable.snapshot()]));
    for (const [mutable, owner] of this.#owners)
      if (owner === this.current || (owner === 'shared' && isChanged(mutable))) this.#show(mutable);
    return states;
  }

  interleave(): void {
    const isNew = this.#isChanged;
    for (const [mutable, shown] of this.#shown)
      if (isNew(mutable) && this.#owners.get(mutable) !== this.current)
        this.#set(mutable, mutable.merge(mutable.snapshot() as never, shown as never));
    this.#isChanged = this.#interpreter.journal.watch();
  }

  noteSettled(): void {
    this.#isLate ??= this.#interpreter.journal.watch();
  }

  /** From here on everybody may see it as it is now. */
  #show(mutable: Mutable): void {
    this.#set(mutable, mutable.merge(this.#shown.get(mutable) as never, mutable.snapshot() as never));
    this.#shown.set(mutable, mutable.snapshot());
  }

  #set(mutable: Mutable, state: unknown): void {
    this.#interpreter.journal.touch(mutable);
    mutable.restore(state as never);
  }
}

/** A look at all of them in a row, for what none of them does alone. */
class Row implements Group {
  readonly size: number;
  readonly around = undefined;
  readonly after: (() => void)[] = [];
  current = 0;

  constructor(size: number) {
    this.size = size;
  }

  interleave(): void {}
  noteSettled(): void {}
}

/**
 * What all of them change, and what waits for all of them.
 * @returns all that changes; and of it what one changes though alone it would not, since it waits for some others as well
 */
function jointly(
  interpreter: Interpreter,
  alone: readonly Delta[],
  runs: readonly (() => void)[],
  goOn: () => void,
): { readonly whole: Delta; readonly shared: ReadonlySet<Mutable> } {
  const shared = new Set<Mutable>();
  const row = new Row(runs.length);
  const whole = effectOf(interpreter, () => {
    interpreter.group = row;
    for (const [i, run] of runs.entries()) {
      row.current = i;
      for (const mutable of interpreter.journal.changes(run).keys())
        if (alone[i]?.has(mutable) !== true) shared.add(mutable);
    }
    interpreter.group = undefined;
    for (const go of row.after) go();
    goOn();
  });
  return { whole, shared: new Set([...shared].filter((mutable) => whole.has(mutable))) };
}
