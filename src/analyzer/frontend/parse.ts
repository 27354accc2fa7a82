import type { ProgramFile, Statement, SyntaxProblem } from '../program/nodes';
import { collectComments } from './comments';
import { type Context, createContext } from './context';
import { convertExpression } from './expressions';
import { docTypedefs } from './jsdoc';
import { scriptOf } from './markup';
import { ParserBudgetError } from './parserBudget';
import { convertStatements } from './statements';
import { createTree, resetParser, syntaxErrors, ts } from './typescript';

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
 */
export function parse(path: string, text: string): ProgramFile {
  const nul = text.slice(0, binaryProbe).indexOf('\0');
  if (nul >= 0) return unreadable(path, text, 'This is a binary file: it holds a NUL character.', nul);
  try {
    return convertFile(path, text);
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
  const source = createTree(path, script.text, kinds[script.language] ?? ts.ScriptKind.JS);
  const context = createContext(source);
  const convert = script.language === 'json' ? convertJson : convertModule;
  const body = convert(context, source);
  const problems = syntaxErrors(source).map(({ start, length, messageText }) => ({
    start,
    end: start + length,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
  return { path, text, body, problems, imports: [...context.imports], comments: collectComments(source) };
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
