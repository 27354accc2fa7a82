/** What TypeScript calls its helpers, and the shapes of code that it makes of newer syntax for older engines. */
import { ts } from '../typescript';

/** A helper that a file defines for itself; bundlers number them: `__assign$1`. */
const HELPER =
  /^(__(?:exportStar|createBinding|importDefault|importStar|assign|rest|spread|spreadArray|spreadArrays|read|values|decorate|makeTemplateObject))(?:\$\d+)?$/;

/** The name by which the helper is known that is defined here: `tslib.__assign`. */
export function helperNamed(name: ts.Node | undefined, value: ts.Expression | undefined): string | undefined {
  if (name === undefined || !ts.isIdentifier(name)) return undefined;
  if (value !== undefined && !ts.isBinaryExpression(value) && !ts.isFunctionExpression(value)) return undefined;
  const known = name.text.startsWith('__') ? HELPER.exec(name.text)?.[1] : undefined;
  return known === undefined ? undefined : `tslib.${known}`;
}

/** Whether a call is one of the helper: `__awaiter(…)`, `tslib_1.__awaiter(…)`, `(0, tslib_1.__awaiter)(…)`. */
export function isHelperCall(node: ts.Expression | undefined, helper: string): node is ts.CallExpression {
  if (node === undefined || !ts.isCallExpression(node)) return false;
  let callee = bare(node.expression);
  if (ts.isBinaryExpression(callee) && callee.operatorToken.kind === ts.SyntaxKind.CommaToken) callee = callee.right;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  return ts.isIdentifier(name) && name.text.replace(/\$\d+$/, '') === helper;
}

export function bare(node: ts.Expression): ts.Expression {
  let inner = node;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  return inner;
}

/** The parts of `a, b, c`. */
export function partsOf(node: ts.Expression): ts.Expression[] {
  const parts: ts.Expression[] = [];
  let at = bare(node);
  for (; ts.isBinaryExpression(at) && at.operatorToken.kind === ts.SyntaxKind.CommaToken; at = bare(at.left))
    parts.push(at.right);
  return [at, ...parts.reverse()];
}
