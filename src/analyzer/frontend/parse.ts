import type { ProgramFile, Statement, SyntaxProblem } from '../program/nodes';
import { collectComments } from './comments';
import { type Context, createContext } from './context';
import { convertExpression } from './expressions';
import { hasModifier } from './functions';
import { type Pieces, parseAfterEdit, programOf } from './incremental';
import { docTypedefs } from './jsdoc';
import { scriptOf } from './markup';
import { ParserBudgetError } from './parserBudget';
import { convertStatements } from './statements';
import { createTree, hasDocTypes, resetParser, syntaxErrors, ts } from './typescript';

const kinds: Readonly<Record<string, ts.ScriptKind>> = {
  ts: ts.ScriptKind.TS,
  mts: ts.ScriptKind.TS,
  cts: ts.ScriptKind.TS,
  tsx: ts.ScriptKind.TSX,
  json: ts.ScriptKind.JSON,
};

/** How far into a file a NUL character is taken as the sign of a binary file. */
const binaryProbe = 8192;

/**
 * Reads one source file: JavaScript, TypeScript, either with JSX, JSON (as a module whose default export is the value),
 * or the scripts in HTML, Vue and Svelte files. The path says which; an unknown extension is read as JavaScript.
 *
 * Never throws. Broken code gives what can be had and `problems`; binary files, nesting deeper than the call stack, and
 * code that the parser would try to read in thousands of ways give an empty body and one problem.
 * @param before the program of the same file before an edit; where the new one has no problems, not to be used afterwards
 */
export function parse(path: string, text: string, before?: ProgramFile): ProgramFile {
  const nul = text.slice(0, binaryProbe).indexOf('\0');
  if (nul >= 0) return unreadable(path, text, 'This is a binary file: it holds a NUL character.', nul);
  try {
    const edited = before?.path === path ? convertEdited(before, text) : undefined;
    return edited ?? convertFile(path, text);
  } catch (error) {
    const message = reasonOf(error);
    if (message === undefined) throw error;
    resetParser();
    return unreadable(path, text, message, 0);
  }
}

/** Why the parser gave up. The call stack's end is a RangeError, in Firefox an InternalError. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof ParserBudgetError) return 'The code can be read in too many ways.';
  const isOverflow = error instanceof RangeError || (error instanceof Error && error.name === 'InternalError');
  return isOverflow ? 'The code is nested too deeply to be read.' : undefined;
}

function unreadable(path: string, text: string, message: string, at: number): ProgramFile {
  const problem: SyntaxProblem = { start: at, end: Math.min(at + 1, text.length), message };
  return { path, text, body: [], problems: [problem], imports: [], comments: [] };
}

function convertFile(path: string, text: string): ProgramFile {
  const script = scriptOf(path, text);
  const source = createTree(path, script.text, kindOf(script.language));
  const errors = syntaxErrors(source);
  if (errors.length === 0 && script.language !== 'json') {
    const pieces = convertPieces(source, source.statements);
    // Scripts in markup are read as one text with gaps: an edit may move the gaps.
    if (script.text === text) return programOf(path, text, pieces);
    const { body, imports, comments } = programOf(path, text, pieces);
    return { path, text, body, problems: [], imports, comments };
  }
  const context = createContext(source);
  const body = script.language === 'json' ? convertJson(context, source) : convertModule(context, source);
  const problems = errors.map(({ start, length, messageText }) => ({
    start,
    end: start + length,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
  return { path, text, body, problems, imports: [...context.imports], comments: collectComments(source) };
}

/** What a part of a module is parsed after, so that the parser knows it for one. */
const MODULE = 'export {};';

function convertEdited(before: ProgramFile, text: string): ProgramFile | undefined {
  const { language } = scriptOf(before.path, '');
  return parseAfterEdit(before, text, (from, to, isModule) => {
    // Whether the parser reads JSDoc depends on the whole text.
    if (hasDocTypes(text) !== hasDocTypes(before.text)) return undefined;
    if (isModule ? from < MODULE.length : text.includes('import.meta')) return undefined;
    const padded = (isModule ? MODULE : '').padEnd(from) + text.slice(from, to);
    const source = createTree(before.path, padded, kindOf(language), hasDocTypes(text));
    if (syntaxErrors(source).length > 0) return undefined;
    const pieces = convertPieces(source, source.statements.slice(isModule ? 1 : 0));
    const [first, ...rest] = pieces.pieces;
    return { ...pieces, pieces: first === undefined ? [] : [{ ...first, pos: from }, ...rest] };
  });
}

const kindOf = (language: string): ts.ScriptKind => kinds[language] ?? ts.ScriptKind.JS;

/** Statements of a tree without syntax errors, each converted by itself: none needs to know of another. */
function convertPieces(source: ts.SourceFile, statements: readonly ts.Statement[]): Pieces {
  const pieces = statements.map((node) => {
    const context = createContext(source);
    const body = convertStatements(context, [node]);
    return { pos: node.pos, end: node.end, body, imports: [...context.imports], isModule: makesModule(node) };
  });
  const tail = docTypedefs(createContext(source), source.endOfFileToken);
  return { pieces, tail, comments: collectComments(source) };
}

/** Whether a statement makes its file a module. */
function makesModule(node: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isExportAssignment(node) ||
    (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) ||
    hasModifier(node, ts.SyntaxKind.ExportKeyword)
  );
}

function convertModule(context: Context, source: ts.SourceFile): Statement[] {
  return [...convertStatements(context, source.statements), ...docTypedefs(context, source.endOfFileToken)];
}

function convertJson(context: Context, source: ts.SourceFile): Statement[] {
  const [statement] = source.statements;
  if (!statement || !ts.isExpressionStatement(statement)) return [];
  const value = convertExpression(context, statement.expression);
  return [{ kind: 'exportDefault', start: value.start, end: value.end, value }];
}
