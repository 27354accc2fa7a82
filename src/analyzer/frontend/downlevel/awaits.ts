/** Async functions as TypeScript writes them for older engines: `return __awaiter(this, void 0, void 0, function* () { … })`. */
import type { Expression, FunctionExpression } from '../../program/nodes';
import { type Context, rangeOf } from '../context';
import { convertExpression } from '../expressions';
import { convertFunction } from '../functions';
import { ts } from '../typescript';
import { bare, isHelperCall } from './names';
import { convertMachine, machineIn } from './stateMachine';

/**
 * The call of `__awaiter` as a call of the async function that it stands for; undefined where the function is no generator
 * and no state machine that can be read.
 */
export function convertAwaiter(context: Context, node: ts.CallExpression): Expression | undefined {
  if (context.broken || node.arguments.length !== 4 || !isHelperCall(node, '__awaiter')) return undefined;
  const [self, , , given] = node.arguments as unknown as readonly [ts.Expression, ts.Node, ts.Node, ts.Expression];
  const body = bare(given);
  if (!ts.isFunctionExpression(body) || body.parameters.length > 0) return undefined;
  const { start, end } = rangeOf(context, node);
  const lexical = self.kind === ts.SyntaxKind.ThisKeyword;
  const callee = asyncFunction(context, body, lexical);
  if (callee === undefined) return undefined;
  if (lexical) return { kind: 'call', start, end, callee, args: [], optional: false };
  const place = { start: callee.start, end: callee.end };
  // The name of the property stands nowhere.
  const propertyRange = { start: callee.end, end: callee.end };
  return {
    kind: 'call',
    start,
    end,
    callee: { kind: 'member', ...place, object: callee, property: 'call', propertyRange, optional: false },
    args: [convertExpression(context, self)],
    optional: false,
  };
}

function asyncFunction(context: Context, body: ts.FunctionExpression, arrow: boolean): FunctionExpression | undefined {
  const around = context.awaits;
  try {
    if (body.asteriskToken !== undefined) {
      context.awaits = { kind: 'yields' };
      return { ...convertFunction(context, body, 'keep'), arrow, async: true, generator: false };
    }
    const machine = machineIn(body);
    if (machine === undefined) return undefined;
    context.awaits = { kind: 'states', name: machine.name };
    const statements = convertMachine(context, machine);
    if (statements === undefined) return undefined;
    const { start, end } = rangeOf(context, body);
    return {
      kind: 'function',
      start,
      end,
      name: undefined,
      parameters: [],
      body: statements,
      arrow,
      async: true,
      generator: false,
    };
  } finally {
    context.awaits = around;
  }
}
