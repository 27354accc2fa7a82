import { getNodeValue, type Node } from 'jsonc-parser';
import type { Place } from '../analyzer/trace/facts';
import type { ConfigProblem, RuleName } from './config';

export interface Key {
  readonly name: string;
  readonly node: Node;
}

/** Reads values of a tree, and keeps what is wrong with them. */
export class Reader {
  readonly folder: string;
  readonly rules: readonly RuleName[];
  readonly #path: string;
  readonly #problems: ConfigProblem[];

  constructor(path: string, folder: string, rules: readonly RuleName[], problems: ConfigProblem[]) {
    this.folder = folder;
    this.rules = rules;
    this.#path = path;
    this.#problems = problems;
  }

  place(node: Node): Place {
    return { file: this.#path, start: node.offset, end: node.offset + node.length };
  }

  refuse(node: Node, message: string): undefined {
    this.#problems.push({ at: this.place(node), message });
    return undefined;
  }

  /** Every property of an object, in its order. */
  each(node: Node, what: string, visit: (key: Key, value: Node) => void): void {
    if (node.type !== 'object') this.refuse(node, `${what} must be an object: { … }`);
    for (const { children: [key, value] = [] } of node.children ?? []) {
      if (key !== undefined && value !== undefined) visit({ name: String(key.value), node: key }, value);
    }
  }

  /** The strings of a list, each accepted by `refusal`, which says what is wrong with one. */
  strings(node: Node, what: string, refusal: (text: string) => string | undefined): readonly string[] | undefined {
    if (node.type !== 'array') return this.refuse(node, `${what} must be a list: [ … ]`);
    const items = node.children ?? [];
    const accepted = items.flatMap((item) => {
      const text: unknown = getNodeValue(item);
      const wrong = typeof text === 'string' ? refusal(text) : 'must be a string';
      if (wrong !== undefined) this.refuse(item, `${what}: ${JSON.stringify(text)} ${wrong}`);
      return typeof text === 'string' && wrong === undefined ? [text] : [];
    });
    // A list of nothing but mistakes is none: an empty one would mean no file at all.
    return accepted.length === 0 && items.length > 0 ? undefined : accepted;
  }
}

/** ‘: there are a, b and c’ */
export function of(names: readonly string[]): string {
  return `: there are ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
