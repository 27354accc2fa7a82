import type { ProgramFile, Statement, TypeNode } from '../program/nodes';
import { symbol } from '../shapes/dim';
import type { Place } from '../trace/facts';
import { type Interpreter, Thrown } from './interpreter';
import { declareShapes } from './said';
import { type Frame, Scope, Variable } from './scope';
import { namesIn } from './syntax/patterns';
import { executeBody, hoistFunctions } from './syntax/statements';
import { declareTypes, type FoundType } from './syntax/types';
import { fromJson } from './values/json';
import {
  ClassValue,
  HostObject,
  MISSING,
  NativeFunction,
  ObjectValue,
  UnknownValue,
  type Value,
} from './values/values';
import { awaits } from './waiting/awaits';
import { runBody } from './waiting/suspended';
import { drain } from './waiting/turns';

/** Where modules come from: parsed programs by path, and the paths behind specifiers. */
export interface ProgramSource {
  program(path: string): ProgramFile | undefined;
  /** The text of a file that is no program (JSON). */
  text(path: string): string | undefined;
  /** The file that a specifier names when it stands in `from`; undefined where it is not in the workspace. */
  resolve(specifier: string, from: string): string | undefined;
}

export interface ModuleRecord {
  readonly path: string;
  readonly program: ProgramFile;
  readonly scope: Scope;
  /** `module.exports`, for CommonJS. */
  readonly module: ObjectValue;
  readonly exports: Map<string, () => Value>;
  /** Modules whose exports are passed on whole. */
  readonly stars: (() => Value)[];
  isEsm: boolean;
}

/** Re-exports that are followed from one file to the next. */
const MAX_HOPS = 8;

function frameOf(path: string): Frame {
  return {
    file: path,
    thisValue: undefined,
    home: undefined,
    activation: undefined,
    yields: undefined,
    task: { resumed: false, start: 0 },
  };
}

/** Something that modules pass on to each other, types or classes. */
interface Sought<T> {
  /** Whether a module may have it. */
  isIn(path: string): boolean;
  /** What a module declares, by the name that it has outside. */
  own(path: string, name: string): T | undefined;
  /** What a module knows by a local name, its own or imported. */
  local(path: string, name: string, hops: number): T | undefined;
}

interface TypesOfFile {
  /** A scope with the file's own types. */
  readonly scope: Scope;
  readonly own: ReadonlyMap<string, TypeNode>;
  /** Those of them that stand in the declarations beside the code. */
  readonly declared: ReadonlyMap<string, TypeNode>;
  /** What is imported, by its local name. */
  readonly names: ReadonlyMap<string, { readonly source: string; readonly imported: string }>;
  readonly namespaces: ReadonlyMap<string, string>;
  /** What is passed on, by its name outside; without a source it is imported first. */
  readonly passed: ReadonlyMap<string, { readonly source: string | undefined; readonly local: string }>;
  readonly stars: readonly string[];
  /** What was found, or not, under a name. */
  readonly found: Map<string, FoundType | undefined>;
}

function typesIn(path: string, program: ProgramFile | undefined): TypesOfFile {
  const beside = program?.declared ?? [];
  const body = [...(program?.body ?? []), ...beside];
  const scope = new Scope(undefined, frameOf(path), true);
  declareTypes(body, scope);
  const declared = new Map(beside.flatMap((node) => (node.kind === 'type' ? [[node.name, node.type] as const] : [])));
  const own = new Map<string, TypeNode>();
  const names = new Map<string, { source: string; imported: string }>();
  const namespaces = new Map<string, string>();
  const passed = new Map<string, { source: string | undefined; local: string }>();
  const stars: string[] = [];
  for (const node of body) {
    if (node.kind === 'type') own.set(node.name, node.type);
    if (node.kind === 'importDeclaration') {
      for (const { local, imported } of node.names) names.set(local, { source: node.source, imported });
      if (node.namespace !== undefined) namespaces.set(node.namespace, node.source);
    }
    if (node.kind === 'exportNames')
      for (const { local, exported } of node.names) passed.set(exported, { source: node.source, local });
    if (node.kind === 'exportAll' && node.as === undefined) stars.push(node.source);
  }
  return { scope, own, declared, names, namespaces, passed, stars, found: new Map() };
}

/** The modules of one run, each evaluated once, when it is first imported. */
export class Modules {
  readonly records = new Map<string, ModuleRecord>();
  readonly #source: ProgramSource;
  readonly #json = new Map<string, Value>();
  readonly #types = new Map<string, TypesOfFile>();
  readonly #meant = new Map<string, Value | undefined>();

  constructor(source: ProgramSource) {
    this.#source = source;
  }

  /** Evaluates a file of the workspace with what it imports; undefined where it cannot be read. */
  load(interpreter: Interpreter, path: string): ModuleRecord | undefined {
    const known = this.records.get(path);
    if (known !== undefined) return known;
    const program = this.#source.program(path);
    if (program === undefined) return undefined;
    const record = this.#make(interpreter, path, program);
    this.records.set(path, record);
    declareShapes(interpreter, program);
    // A module runs on its own: no condition, loop or function of its importer is around it.
    interpreter.within(
      { certain: true, speculative: false, guarded: false, looped: false, gradient: undefined, activation: undefined },
      () => {
        if (program.imports.length > 0) hoistFunctions(interpreter, program.body, record.scope);
        // What a module exports itself is there in a cycle of modules, too.
        for (const statement of program.body)
          if (!leadsElsewhere(statement)) this.#link(interpreter, record, statement);
        for (const statement of program.body) if (leadsElsewhere(statement)) this.#link(interpreter, record, statement);
        try {
          if (program.body.some(awaits)) runModule(interpreter, record);
          else executeBody(interpreter, program.body, record.scope);
        } catch (error) {
          if (!(error instanceof Thrown)) throw error;
          tellThrown(interpreter, path);
        }
      },
    );
    return record;
  }

  /** What `import * as n from specifier` gives. */
  namespace(interpreter: Interpreter, specifier: string, at: Place): Value {
    const library = interpreter.library.module(specifier);
    if (library !== undefined) return library;
    const path = this.#source.resolve(specifier, at.file);
    if (path === undefined)
      return interpreter.unknown(
        'external',
        at,
        `'${specifier}' is not in the workspace`,
        specifier.replace(/^.*\//, ''),
      );
    if (path.endsWith('.json')) return this.#readJson(interpreter, path, at);
    const record = this.load(interpreter, path);
    if (record === undefined) return interpreter.unknown('external', at, `'${specifier}' cannot be read`);
    return new ModuleNamespace(record);
  }

  /** What code out of view gives under a name, or else what the file means by it: a library by its customary name. */
  meant(interpreter: Interpreter, given: UnknownValue, name: string, file: string): Value {
    const { customary } = interpreter.library;
    if (customary === undefined || !customary.isName(name)) return given;
    const key = `${name}\0${file}`;
    if (!this.#meant.has(key)) {
      const text = this.records.get(file)?.program.text;
      this.#meant.set(key, text === undefined ? undefined : customary.meant(name, text));
    }
    return this.#meant.get(key) ?? given;
  }

  /** The text of a file of the workspace that is no program: data that the program reads. */
  text(path: string): string | undefined {
    return this.#source.text(path);
  }

  /** `require(specifier)`: module.exports of CommonJS, the namespace of a module. */
  require(interpreter: Interpreter, specifier: string, at: Place): Value {
    const namespace = this.namespace(interpreter, specifier, at);
    return namespace instanceof ModuleNamespace && !namespace.record.isEsm ? exportsOf(namespace.record) : namespace;
  }

  /** A type that a file imports: by its local name, `namespace.Name`, or `import("specifier").Name`. Nothing is evaluated. */
  importedType(interpreter: Interpreter, name: string, file: string, hops = 0): FoundType | undefined {
    if (hops > 0) return this.#findType(interpreter, name, file, hops);
    const { found } = this.#typesOf(file);
    if (!found.has(name)) found.set(name, this.#findType(interpreter, name, file, hops));
    return found.get(name);
  }

  #findType(interpreter: Interpreter, name: string, file: string, hops: number): FoundType | undefined {
    const { declared, scope } = this.#typesOf(file);
    const beside = declared.get(name);
    if (beside !== undefined) return { type: beside, scope };
    return this.#imported(interpreter, name, file, hops, {
      isIn: (path) => !path.endsWith('.json'),
      own: (path, known) => {
        const types = this.#typesOf(path);
        const type = types.own.get(known);
        return type && { type, scope: types.scope };
      },
      local: (path, known, further) => this.importedType(interpreter, known, path, further),
    });
  }

  /** A class that a file imports, by the name that a type has for it, from a module that was evaluated. Nothing is evaluated. */
  importedClass(interpreter: Interpreter, name: string, file: string): ClassValue | undefined {
    const local = (path: string, known: string): ClassValue | undefined => {
      const value = this.records.get(path)?.scope.variables.get(known)?.value;
      return value instanceof ClassValue ? value : undefined;
    };
    return this.#imported(interpreter, name, file, 0, {
      isIn: (path) => this.records.has(path),
      own: (path, known) => local(path, known === 'default' ? '*default*' : known),
      local,
    });
  }

  /** What is sought, where a file's imports say that the name comes from. */
  #imported<T>(interpreter: Interpreter, name: string, file: string, hops: number, sought: Sought<T>): T | undefined {
    const direct = name.startsWith('import(') ? /^import\((".*")\)\.(.+)$/.exec(name) : null;
    if (direct !== null)
      return this.#exported(interpreter, JSON.parse(direct[1] as string), direct[2] as string, file, hops, sought);
    const { names, namespaces } = this.#typesOf(file);
    const [space = '', member] = name.split('.');
    const from = member === undefined ? names.get(space) : { source: namespaces.get(space), imported: member };
    if (from?.source === undefined) return undefined;
    return this.#exported(interpreter, from.source, from.imported, file, hops, sought);
  }

  /** What is sought, under the name that a module gives it, by way of its re-exports. */
  #exported<T>(
    interpreter: Interpreter,
    specifier: string,
    name: string,
    from: string,
    hops: number,
    sought: Sought<T>,
  ): T | undefined {
    if (hops > MAX_HOPS || interpreter.library.module(specifier) !== undefined) return undefined;
    const path = this.#source.resolve(specifier, from);
    if (path === undefined || !sought.isIn(path)) return undefined;
    const { passed, stars } = this.#typesOf(path);
    const through = passed.get(name);
    const found =
      through === undefined
        ? undefined
        : through.source === undefined
          ? sought.local(path, through.local, hops + 1)
          : this.#exported(interpreter, through.source, through.local, path, hops + 1, sought);
    const own = found ?? sought.own(path, name);
    if (own !== undefined) return own;
    for (const star of stars) {
      const starred = this.#exported(interpreter, star, name, path, hops + 1, sought);
      if (starred !== undefined) return starred;
    }
    return undefined;
  }

  /** The types of a file, which need not have been evaluated, and where those come from that it imports. Read once. */
  #typesOf(path: string): TypesOfFile {
    let types = this.#types.get(path);
    if (types === undefined) {
      types = typesIn(path, this.records.get(path)?.program ?? this.#source.program(path));
      this.#types.set(path, types);
    }
    return types;
  }

  #readJson(interpreter: Interpreter, path: string, at: Place): Value {
    if (!this.#json.has(path)) {
      let value: Value;
      try {
        value = fromJson(JSON.parse(this.#source.text(path) ?? ''));
      } catch {
        value = interpreter.unknown('syntax', at, `${path} is no valid JSON`);
      }
      this.#json.set(path, value);
    }
    return this.#json.get(path);
  }

  #make(interpreter: Interpreter, path: string, program: ProgramFile): ModuleRecord {
    const exported = new ObjectValue();
    const module = ObjectValue.of({ exports: exported });
    const scope = new Scope(undefined, frameOf(path), true);
    scope.declare('module', module);
    scope.declare('exports', exported);
    scope.declare('__dirname', path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    scope.declare('__filename', path);
    scope.declare(
      'require',
      new NativeFunction('require', ({ args: [specifier], at }) =>
        typeof specifier === 'string'
          ? this.require(interpreter, specifier, at)
          : interpreter.unknown('runtime-data', at, 'the module to require is not known'),
      ),
    );
    return { path, program, scope, module, exports: new Map(), stars: [], isEsm: false };
  }

  /** Imports and exports of one statement, as live bindings. */
  #link(interpreter: Interpreter, record: ModuleRecord, node: Statement): void {
    const { scope, exports } = record;
    const at = interpreter.place(node, scope.frame);
    const variable = (name: string) => (): Value => {
      const found = scope.lookup(name);
      return found?.alias === undefined ? found?.value : found.alias();
    };
    switch (node.kind) {
      case 'importDeclaration': {
        record.isEsm = true;
        const namespace = this.namespace(interpreter, node.source, at);
        if (node.namespace !== undefined)
          scope.declare(
            node.namespace,
            namespace instanceof UnknownValue
              ? this.meant(interpreter, namespace, node.namespace, record.path)
              : namespace,
          );
        for (const { imported, local } of node.names) {
          scope.variables.set(
            local,
            new Variable(local, undefined, true, once(namespace, imported, local, interpreter, at)),
          );
        }
        return;
      }
      case 'exportNames': {
        record.isEsm = true;
        const namespace = node.source === undefined ? undefined : this.namespace(interpreter, node.source, at);
        for (const { local, exported } of node.names) {
          exports.set(
            exported,
            node.source === undefined ? variable(local) : () => memberOf(namespace, local, interpreter, at),
          );
        }
        return;
      }
      case 'exportAll': {
        record.isEsm = true;
        const namespace = this.namespace(interpreter, node.source, at);
        if (node.as === undefined) record.stars.push(() => namespace);
        else exports.set(node.as, () => namespace);
        return;
      }
      case 'exportDefault':
        record.isEsm = true;
        exports.set('default', variable('*default*'));
        return;
      case 'variables':
        if (!node.exported) return;
        record.isEsm = true;
        for (const { pattern } of node.declarations)
          for (const name of namesIn(pattern)) exports.set(name, variable(name));
        return;
      case 'functionDeclaration':
      case 'classDeclaration':
      case 'enum':
      case 'namespace': {
        if (!node.exported) return;
        record.isEsm = true;
        const name =
          node.kind === 'functionDeclaration'
            ? node.function.name
            : node.kind === 'classDeclaration'
              ? node.class.name
              : node.name;
        if (name !== undefined) exports.set(name, variable(name));
        return;
      }
      default:
    }
  }
}

/** Whether a statement has another module run. */
const leadsElsewhere = (statement: Statement): boolean =>
  statement.kind === 'importDeclaration' ||
  statement.kind === 'exportAll' ||
  (statement.kind === 'exportNames' && statement.source !== undefined);

function tellThrown(interpreter: Interpreter, path: string): void {
  interpreter.unknown('error', { file: path, start: 0, end: 0 }, 'the module throws as it loads');
}

/** A module that awaits at its top level. Who imports it waits for it; what else waits runs meanwhile. */
function runModule(interpreter: Interpreter, { path, program, scope }: ModuleRecord): void {
  const task = scope.frame.task;
  if (task === undefined) return;
  const isFirst = interpreter.active.length === 0;
  task.resumed = isFirst;
  task.start = interpreter.pending.length;
  runBody(interpreter, program.body, scope, {
    task,
    next: () => {},
    fail: () => tellThrown(interpreter, path),
  });
  if (isFirst) drain(interpreter);
}

/** The exports of a module of the workspace, read when they are read: a cycle sees what is there by then. */
export class ModuleNamespace extends HostObject {
  readonly type = 'module';
  override readonly overrides = true;
  readonly record: ModuleRecord;

  constructor(record: ModuleRecord) {
    super();
    this.record = record;
  }

  get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    const { record } = this;
    const found = record.exports.get(name);
    if (found !== undefined) return found();
    if (!record.isEsm) return name === 'default' ? exportsOf(record) : interpreter.get(exportsOf(record), name, at);
    for (const star of record.stars) {
      const value = memberOf(star(), name, interpreter, at);
      if (value !== undefined) return value;
    }
    return MISSING;
  }

  /** Whether all that it exports is known by name. */
  isComplete(): boolean {
    const { isEsm, stars } = this.record;
    return (
      isEsm &&
      stars.every((star) => {
        const namespace = star();
        return namespace instanceof ModuleNamespace && namespace.isComplete();
      })
    );
  }

  override has(name: string): boolean | undefined {
    return this.isComplete() ? this.names().includes(name) : undefined;
  }

  /** The names of what it exports, as far as they are known. */
  names(): readonly string[] {
    const { exports, stars, isEsm, module } = this.record;
    const own = isEsm ? [...exports.keys()] : [];
    const through = stars.flatMap((star) => {
      const namespace = star();
      return namespace instanceof ModuleNamespace ? namespace.names() : [];
    });
    const exported = module.properties.get('exports')?.value;
    return [...own, ...through, ...(!isEsm && exported instanceof ObjectValue ? exported.properties.keys() : [])];
  }
}

function exportsOf(record: ModuleRecord): Value {
  return record.module.properties.get('exports')?.value;
}

function memberOf(namespace: Value, name: string, interpreter: Interpreter, at: Place): Value {
  if (namespace instanceof UnknownValue) return name === 'default' ? namespace : namespace.member(name);
  const value = interpreter.get(namespace, name, at);
  // A library's namespace is its own default.
  return value === undefined && name === 'default' && !(namespace instanceof ModuleNamespace) ? namespace : value;
}

/** An import, read through to the exporter; the unknown is one value however often it is read. */
function once(namespace: Value, imported: string, local: string, interpreter: Interpreter, at: Place): () => Value {
  let unknown: Value;
  return () => {
    const value = memberOf(namespace, imported, interpreter, at);
    if (!(value instanceof UnknownValue)) return value;
    unknown ??= interpreter.modules.meant(interpreter, new UnknownValue(value.reason, local, symbol), local, at.file);
    return unknown;
  };
}
