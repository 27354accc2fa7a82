import { showShape } from '../shapes/shape';
import type { OperandFact, OperatorFact, OpFact, Place } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { replace } from './edits';
import type { Fix, Rule, RuleFinding } from './rule';

/** What an operator gives on a tensor, and what stands for it in TensorFlow.js. */
interface Row {
  readonly gives: 'NaN' | 'text' | 'false' | 'true' | 'number';
  readonly method?: string;
  /** Where the tensor is on the right of a number: `1 - x` is `x.neg().add(1)`. */
  readonly swapped?: (tensor: string, number: string) => string;
}

const commuted = (method: string) => (tensor: string, number: string) => `${tensor}.${method}(${number})`;

/** Operators of two operands; exported for the tests, which hold it to the language. */
export const BINARY: Readonly<Record<string, Row>> = {
  '+': { gives: 'text', method: 'add', swapped: commuted('add') },
  '-': { gives: 'NaN', method: 'sub', swapped: (tensor, number) => `${tensor}.neg().add(${number})` },
  '*': { gives: 'NaN', method: 'mul', swapped: commuted('mul') },
  '/': { gives: 'NaN', method: 'div', swapped: (tensor, number) => `${tensor}.reciprocal().mul(${number})` },
  '%': { gives: 'NaN', method: 'mod' },
  '**': { gives: 'NaN', method: 'pow' },
  '<': { gives: 'false', method: 'less' },
  '<=': { gives: 'false', method: 'lessEqual' },
  '>': { gives: 'false', method: 'greater' },
  '>=': { gives: 'false', method: 'greaterEqual' },
  '==': { gives: 'false', method: 'equal' },
  '===': { gives: 'false', method: 'equal' },
  '!=': { gives: 'true', method: 'notEqual' },
  '!==': { gives: 'true', method: 'notEqual' },
  '&': { gives: 'number', method: 'logicalAnd' },
  '|': { gives: 'number', method: 'logicalOr' },
  '^': { gives: 'number', method: 'logicalXor' },
  'Math.pow': { gives: 'NaN', method: 'pow' },
  'Math.max': { gives: 'NaN', method: 'maximum', swapped: commuted('maximum') },
  'Math.min': { gives: 'NaN', method: 'minimum', swapped: commuted('minimum') },
};

export const UNARY: Readonly<Record<string, Row>> = {
  '-': { gives: 'NaN', method: 'neg' },
  '+': { gives: 'NaN' },
  '~': { gives: 'number' },
  ...Object.fromEntries(
    ['abs', 'sqrt', 'exp', 'log', 'sin', 'cos', 'tan', 'tanh', 'floor', 'ceil', 'round', 'sign', 'log1p', 'expm1'].map(
      (name) => [`Math.${name}`, { gives: 'NaN', method: name } as const],
    ),
  ),
};

const EQUALITY: ReadonlySet<string> = new Set(['==', '===', '!=', '!==']);
const ORDER: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

export const operatorOnTensor: Rule = {
  id: 'NL124',
  name: 'operator-on-tensor',
  severity: 'error',
  summary: 'An operator of JavaScript on a tensor: `0.1 * loss` is NaN, `a + b` is text, `x > 0` is false',
  check(trace, report) {
    for (const fact of trace.of('operator')) {
      if (!fact.certain && !isPlain(trace, fact)) continue;
      const finding = fact.operands.some(({ is }) => is === 'shape') ? ofShapes(trace, fact) : ofTensors(trace, fact);
      if (finding !== undefined) report(finding);
    }
    for (const op of trace.of('op')) {
      const finding = op.certain ? asCondition(trace, op) : undefined;
      if (finding !== undefined) report(finding);
    }
  },
};

/**
 * Whether the text alone tells: on what an op gave, the operator is a mistake whatever led there, so it counts in the methods
 * of an object that nobody in view makes, too.
 */
function isPlain(trace: Trace, { operands }: OperatorFact): boolean {
  return operands.every(
    ({ is, tensor, at }) =>
      (is === 'tensor' && tensor?.producer?.kind === 'op') ||
      (is === 'number' && at !== undefined && /^-?[\d.]/.test(trace.text(at))),
  );
}

// ---------------------------------------------------------------- tensors

function ofTensors(trace: Trace, fact: OperatorFact): RuleFinding | undefined {
  const { operator, operands, at } = fact;
  const row = (operands.length === 1 ? UNARY : BINARY)[operator];
  const tensor = operands.find(({ is }) => is === 'tensor')?.tensor;
  if (tensor === undefined || !isMistake(fact)) return undefined;
  const [a, b] = operands;
  const bothTensors = a?.is === 'tensor' && b?.is === 'tensor';
  const shown = shownAt(trace, at, operator);
  const knows = /^Math/.test(operator) ? `${operator} takes numbers` : `JavaScript's ${operator} knows no tensors`;
  const consequence =
    bothTensors && ORDER.has(operator)
      ? 'compares the two printed texts'
      : { NaN: 'is NaN', text: 'is text', false: 'is always false', true: 'is always true', number: 'is a number' }[
          row?.gives ?? 'NaN'
        ];
  return {
    at,
    message: `${shown} ${consequence}: ${knows}`,
    advice: `A tensor is an object to JavaScript: its operators make it a text or NaN, whatever is in it, and say nothing. ${
      row?.method === undefined
        ? 'Use the ops of TensorFlow.js.'
        : `Use the op, \`${row.method}\`${ORDER.has(operator) || EQUALITY.has(operator) ? ', and read its result with `dataSync()` or `await data()` where a condition needs it' : ''}.`
    }`,
    facts: { operator, shape: showShape(tensor.shape) },
    fixes: row === undefined ? [] : fixesFor(trace, fact, row),
  };
}

/** Whether no program can mean it: text may be joined to a printed tensor, and two names may be asked for one object. */
function isMistake({ operator, operands }: OperatorFact): boolean {
  const [a, b] = operands;
  if (operator === '+' && operands.length === 2)
    return operands.every(({ is }) => is === 'tensor' || is === 'number') && a !== undefined;
  if (!EQUALITY.has(operator)) return true;
  if (a === undefined || b === undefined) return false;
  const other = a.is === 'tensor' ? b : a;
  return other.is === 'number' || other.is === 'literal' || (other.is === 'tensor' && (isFresh(a) || isFresh(b)));
}

/** Made where it stands: it is the same as no other. */
const isFresh = ({ tensor, at }: OperandFact): boolean =>
  at !== undefined && tensor?.producer?.kind === 'op' && sameEnd(tensor.producer.at, at);

const sameEnd = (a: Place, b: Place): boolean => a.file === b.file && a.start === b.start && a.end === b.end;

function fixesFor(trace: Trace, { operator, operands, assigned, at }: OperatorFact, row: Row): readonly Fix[] {
  const [a, b] = operands;
  // What compares gives a tensor, too, which a condition cannot read.
  if (row.method === undefined || ORDER.has(operator) || EQUALITY.has(operator)) return [];
  if (operands.some(({ tensor, at: place }) => place === undefined || tensor?.symbolic === true)) return [];
  const texts = operands.map(({ at: place }) => (place === undefined ? '' : trace.text(place)));
  const [left = '', right = ''] = texts;
  if (left === '' || (b !== undefined && right === '')) return [];
  const value =
    b === undefined
      ? `${receiver(left)}.${row.method}()`
      : a?.is === 'tensor'
        ? `${receiver(left)}.${row.method}(${right})`
        : row.swapped?.(receiver(right), left);
  if (value === undefined) return [];
  const title = value.length > 60 ? `Use ${row.method}` : `Write ${value}`;
  return [
    {
      title: `${title} (it computes)`,
      safe: false,
      edits: [replace(at, assigned ? `${left} = ${value}` : value)],
    },
  ];
}

/** The text with parentheses around it, unless a member may follow it as it is. */
const receiver = (text: string): string =>
  /^[\w$]+(?:\??\.[\w$]+|!|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|\[[^[\]]*\])*$/.test(text) ? text : `(${text})`;

// ---------------------------------------------------------------- shapes

function ofShapes(trace: Trace, { operator, operands, at }: OperatorFact): RuleFinding | undefined {
  const [a, b] = operands;
  if (a === undefined || b === undefined || !EQUALITY.has(operator)) return undefined;
  const own = a.is === 'shape' ? a : b;
  const other = own === a ? b : a;
  // What is symbolic may share its list with another.
  const isOther =
    other.is === 'literal' ||
    (other.is === 'shape' &&
      other.tensor !== own.tensor &&
      other.tensor?.symbolic === false &&
      own.tensor?.symbolic === false);
  if (!isOther) return undefined;
  const isNegated = operator.startsWith('!');
  const texts = operands.map((operand) => (operand.at === undefined ? '' : trace.text(operand.at)));
  const canFix = texts.every((text) => text !== '') && /(?:\* as|\b(?:const|let|var)) tf\b/.test(trace.source(at.file));
  return {
    at,
    message: `${shownAt(trace, at, operator)} is always ${isNegated}: lists are compared by identity, not by what is in them`,
    advice:
      'To JavaScript two lists are equal where they are one and the same list. Compare with `tf.util.arraysEqual(a, b)`, or size by size.',
    facts: { operator, shape: showShape(own.tensor?.shape ?? null) },
    fixes: canFix
      ? [
          {
            title: 'Compare with tf.util.arraysEqual (the other branch may run)',
            safe: false,
            edits: [replace(at, `${isNegated ? '!' : ''}tf.util.arraysEqual(${texts.join(', ')})`)],
          },
        ]
      : [],
  };
}

// ---------------------------------------------------------------- conditions

/** `if (a.equal(b))`: a tensor of truth values is an object, so it is true. */
function asCondition(trace: Trace, op: OpFact): RuleFinding | undefined {
  if (op.outputs.length !== 1 || op.outputs[0]?.dtype !== 'bool') return undefined;
  const { at } = op;
  const source = trace.source(at.file);
  const before = source.slice(Math.max(0, at.start - 80), at.start);
  const after = source.slice(at.end, at.end + 80);
  const isTest = /\b(?:if|while)\s*\(\s*$/.test(before) && /^\s*\)/.test(after);
  const isNegated = /(?<![!=])!\s*$/.test(before) && !/^\s*[.[(]/.test(after);
  // `wanted && mask || 1` asks whether the mask is wanted, and takes it as it is.
  const isChosen = /&&\s*$/.test(before) && /^\s*\|\|/.test(after);
  const isLeft = /^\s*(?:\?(?![.?])|&&|\|\|)/.test(after) && !isChosen;
  if (!isTest && !isNegated && !isLeft) return undefined;
  return {
    at,
    about: op,
    message: `${shownAt(trace, at, op.name)} is a tensor, and so always true as a condition`,
    advice: `A tensor is an object, and every object is true, whatever is in it. Read the result first: \`${op.name}(…).all().dataSync()[0]\`, or \`(await ….data())[0]\`; to choose between values element by element use \`tf.where\`.`,
    facts: { operator: op.name, shape: showShape(op.outputs[0].shape) },
  };
}

/** The expression as written where it is short, else its operator. */
function shownAt(trace: Trace, at: Place, operator: string): string {
  const text = trace.text(at).replace(/\s+/g, ' ');
  return text.length <= 44 ? text : `this ${operator}`;
}
