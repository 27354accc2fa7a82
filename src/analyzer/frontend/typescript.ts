/**
 * The seam to ts-morph: nothing else in the analyzer imports it.
 *
 * Files are parsed with `ts.createSourceFile` of the compiler that ts-morph bundles, not through a `Project`: the trees
 * are the same, half the time is spent (measured over tfjs-layers' sources), and nothing holds on to a tree.
 */
import { ts } from 'ts-morph';
import { type Allocator, type NodeConstructor, nodeBudget, withBudget } from './parserBudget';

export { ts };

/** Where JSDoc says a type in braces; without one, JSDoc is not parsed at all. */
const docType = /@(?:type|param|arg|argument|property|prop|returns?|typedef)\s*\{/;

export function hasDocTypes(text: string): boolean {
  return docType.test(text);
}

/** What is not among the compiler's public types. */
interface Internals {
  readonly objectAllocator: Allocator & Record<NameConstructor, () => NodeConstructor>;
  getTokenPosOfNode(node: ts.Node, source: ts.SourceFile): number;
}
type NameConstructor = 'getIdentifierConstructor' | 'getPrivateIdentifierConstructor';

const objectAllocator = (ts as unknown as Internals).objectAllocator;

// The bundles hold the parser alone (parserOnly.js), without the services that give the nodes of names their texts.
for (const getter of ['getIdentifierConstructor', 'getPrivateIdentifierConstructor'] as const) {
  const Name = withText(objectAllocator[getter]());
  objectAllocator[getter] = () => Name;
}

function withText(Base: NodeConstructor): NodeConstructor {
  if ('text' in Base.prototype) return Base;
  return class extends Base {
    get text(): string {
      return ts.idText(this as ts.Node as ts.Identifier);
    }
  };
}

/** Where a node starts, after its leading comments and spaces. */
export function tokenStart(node: ts.Node, source: ts.SourceFile): number {
  return (ts as unknown as Internals).getTokenPosOfNode(node, source);
}

/**
 * Parses `text`. The tree has no parent pointers. Throws a RangeError where nesting exceeds the call stack, and a
 * ParserBudgetError where the text is too ambiguous; both want `resetParser` afterwards.
 */
export function createTree(
  path: string,
  text: string,
  kind: ts.ScriptKind,
  withDocs = hasDocTypes(text),
): ts.SourceFile {
  const jsDocParsingMode = withDocs ? ts.JSDocParsingMode.ParseAll : ts.JSDocParsingMode.ParseNone;
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode };
  return withBudget(objectAllocator, nodeBudget(text), () => ts.createSourceFile(path, text, options, false, kind));
}

/** The parser keeps its state in module variables; after it threw, a parse that ends well puts them in order. */
export function resetParser(): void {
  ts.createSourceFile('reset.ts', '', ts.ScriptTarget.Latest);
}

interface Diagnosed {
  readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
}

/** The syntax errors of a tree (not in the compiler's public types, where only a whole program has diagnostics). */
export function syntaxErrors(source: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (source as Diagnosed).parseDiagnostics ?? [];
}

interface Documented {
  readonly jsDoc?: readonly ts.JSDoc[];
}

/** The JSDoc comments that the parser attached to `node`, the nearest last. */
export function docsOf(node: ts.Node): readonly ts.JSDoc[] | undefined {
  return (node as Documented).jsDoc;
}
