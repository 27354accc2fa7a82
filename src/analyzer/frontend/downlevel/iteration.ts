/**
 * `for (… of list)` as TypeScript writes it with `downlevelIteration`, around the loop a try that closes the iterator:
 *
 *     try {
 *       for (var list_1 = __values(list), list_1_1 = list_1.next(); !list_1_1.done; list_1_1 = list_1.next()) {
 *         var x = list_1_1.value; …
 *       }
 *     } catch (e_1_1) { e_1 = { error: e_1_1 }; } finally { … }
 */
import type { Statement } from '../../program/nodes';
import { type Context, rangeOf } from '../context';
import { convertExpression } from '../expressions';
import { convertBlock } from '../statements';
import { ts } from '../typescript';
import { bare, isHelperCall, partsOf } from './names';

/** The loop over the steps of the iterator, each `{ value, done }`; undefined where the try is another. */
export function convertIteration(context: Context, node: ts.TryStatement): Statement | undefined {
  const [loop, ...more] = node.tryBlock.statements;
  if (context.broken || loop === undefined || more.length > 0 || !ts.isForStatement(loop)) return undefined;
  const { initializer, statement } = loop;
  if (initializer === undefined || !ts.isVariableDeclarationList(initializer) || !ts.isBlock(statement))
    return undefined;
  const [iterator, step, ...others] = initializer.declarations;
  if (iterator?.initializer === undefined || step === undefined || others.length > 0) return undefined;
  const call = partsOf(iterator.initializer).at(-1);
  const list =
    call !== undefined && isHelperCall(bare(call), '__values') ? (bare(call) as ts.CallExpression) : undefined;
  const given = list?.arguments[0];
  if (given === undefined || !ts.isIdentifier(step.name)) return undefined;
  const { start, end } = rangeOf(context, node);
  const pattern = { kind: 'identifierPattern', ...rangeOf(context, step.name), name: step.name.text } as const;
  const iterable = convertExpression(context, given);
  const place = { start: iterable.start, end: iterable.end };
  const callee = { kind: 'identifier', start: place.start, end: place.start, name: 'tslib.__steps' } as const;
  return {
    kind: 'forOf',
    start,
    end,
    mode: 'var',
    pattern,
    iterable: { kind: 'call', ...place, callee, args: [iterable], optional: false },
    body: convertBlock(context, statement),
  };
}
