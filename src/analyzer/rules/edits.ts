/** Text edits for fixes: they keep formatting and comments and leave code that parses. */
import type { LayerFact, OpFact, Place } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { within } from './words';

export interface Edit {
  readonly at: Place;
  readonly text: string;
}

export function replace(at: Place, text: string): Edit {
  return { at, text };
}

export function insert(file: string, offset: number, text: string): Edit {
  return { at: { file, start: offset, end: offset }, text };
}

/**
 * Deletes one `key: value` of an object literal with the comma that belongs to it; a property that has its line to itself
 * takes the line along.
 */
export function deleteProperty(trace: Trace, at: Place): Edit {
  const source = trace.source(at.file);
  let { start, end } = at;
  const next = skipBlank(source, end);
  if (source[next] === ',') {
    end = next + 1;
  } else {
    const previous = skipBlankBack(source, start);
    const blank = source.slice(previous, start).trim() === '' && source.slice(end, next).trim() === '';
    if (source[previous - 1] === ',') start = previous - 1;
    else if (source[previous - 1] === '{' && source[next] === '}' && blank)
      return replace({ ...at, start: previous, end: next }, '');
    return replace({ ...at, start, end }, '');
  }
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = source.indexOf('\n', end);
  const alone =
    source.slice(lineStart, start).trim() === '' && lineEnd >= 0 && source.slice(end, lineEnd).trim() === '';
  if (alone && lineStart > 0) return replace({ ...at, start: lineStart, end: lineEnd + 1 }, '');
  while (source[end] === ' ') end += 1;
  return replace({ ...at, start, end }, '');
}

/** Sets an option of a layer in the options object written in its call; undefined where there is no place to write it. */
export function setOption(trace: Trace, layer: LayerFact, key: string, value: string): Edit | undefined {
  const present = layer.options.get(key)?.at;
  if (present !== undefined) {
    return within(present, layer.at) ? replace(present, `${key}: ${value}`) : undefined;
  }
  const literal = layer.optionsAt;
  if (literal !== undefined)
    return within(literal, layer.at) ? insertProperty(trace, literal, `${key}: ${value}`) : undefined;
  if (layer.positional.length > 0 || layer.optionsOpen) return undefined;
  const text = trace.text(layer.at);
  const open = /\(\s*\)$/.exec(text);
  if (open === null) return undefined;
  return replace({ ...layer.at, start: layer.at.start + open.index, end: layer.at.end }, `({ ${key}: ${value} })`);
}

/** Adds `key: value` at the end of an object literal, in its own layout; undefined where the place holds no literal. */
export function insertProperty(trace: Trace, literal: Place, property: string): Edit | undefined {
  const source = trace.source(literal.file);
  if (source[literal.start] !== '{' || source[literal.end - 1] !== '}') return undefined;
  const inside = literal.end - 1;
  const last = skipBlankBack(source, inside);
  if (last === literal.start + 1) return replace({ ...literal }, `{ ${property} }`);
  const lineStart = source.lastIndexOf('\n', inside) + 1;
  const multiline = lineStart > literal.start && source.slice(lineStart, inside).trim() === '';
  const comma = source[last - 1] === ',';
  if (!multiline) return insert(literal.file, last, `${comma ? ' ' : ', '}${property}`);
  const itemLine = source.lastIndexOf('\n', last - 1) + 1;
  const indent = /^[ \t]*/.exec(source.slice(itemLine, last))?.[0] ?? '';
  return insert(literal.file, last, `${comma ? '' : ','}\n${indent}${property}${comma ? ',' : ''}`);
}

/** Adds an argument at the end of a call whose place ends in its `)`; undefined where it does not. */
export function appendArgument(trace: Trace, call: Place, argument: string): Edit | undefined {
  const source = trace.source(call.file);
  if (source[call.end - 1] !== ')') return undefined;
  const close = call.end - 1;
  const last = skipBlankBack(source, close);
  if (last <= call.start) return undefined;
  const before = source[last - 1];
  if (before === '(') return insert(call.file, last, argument);
  return insert(call.file, last, before === ',' ? ` ${argument}` : `, ${argument}`);
}

/** The arguments of a call whose place ends in its `)`; undefined where its text holds what is not told apart here. */
export function argumentsOf(trace: Trace, call: Place): readonly Place[] | undefined {
  const text = trace.text(call);
  const open: number[][] = [];
  for (let i = 0; i < text.length; i += 1) {
    const skipped = /^(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/.exec(text.slice(i));
    const c = text[i] ?? '';
    if (skipped !== null) i += skipped[0].length - 1;
    // Template strings and regular expressions.
    else if (c === '`' || (c === '/' && /[=(,:[!&|?{};]\s*$/.test(text.slice(0, i)))) return undefined;
    else if ('([{'.includes(c)) open.push([i + 1]);
    else if (c === ',') open.at(-1)?.push(i + 1);
    else if (')]}'.includes(c)) {
      const starts = open.pop();
      if (starts === undefined || (i === text.length - 1 && (c !== ')' || open.length > 0))) return undefined;
      if (i < text.length - 1) continue;
      const parts = starts.map((start, n) => ({ start, end: (starts[n + 1] ?? i + 1) - 1 }));
      return parts.flatMap(({ start, end }) => trimmed(text, call, start, end));
    }
  }
  return undefined;
}

/** A part of a call's text without the blanks around it; none where it is blank (a trailing comma). */
function trimmed(text: string, call: Place, start: number, end: number): readonly Place[] {
  const part = text.slice(start, end);
  const [from, to] = [start + part.length - part.trimStart().length, end - part.length + part.trimEnd().length];
  return from < to ? [{ file: call.file, start: call.start + from, end: call.start + to }] : [];
}

/**
 * Sets an argument of an op: where it is written it is replaced, else it is appended where it is next in line.
 * @param position the parameter's index; the tensor of a method counts as the first
 */
export function setArgument(trace: Trace, op: OpFact, name: string, value: string, position: number): Edit | undefined {
  const present = op.args.get(name)?.at;
  if (present !== undefined) return replace(present, value);
  return op.args.size === position ? appendArgument(trace, op.at, value) : undefined;
}

/** The offset of the next character that is neither blank nor comment. */
function skipBlank(source: string, offset: number): number {
  const match = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(source.slice(offset, offset + 2000));
  return offset + (match?.[0].length ?? 0);
}

/** The offset after the last character before `offset` that is neither blank nor comment. */
function skipBlankBack(source: string, offset: number): number {
  let at = offset;
  for (;;) {
    while (at > 0 && /\s/.test(source[at - 1] ?? '')) at -= 1;
    if (source.slice(at - 2, at) === '*/') {
      const open = source.lastIndexOf('/*', at - 2);
      if (open < 0) return at;
      at = open;
      continue;
    }
    const lineStart = source.lastIndexOf('\n', at - 1) + 1;
    const comment = /(^|[\s,;{(])\/\/[^'"`]*$/.exec(source.slice(lineStart, at));
    if (comment === null) return at;
    at = lineStart + comment.index + (comment[1]?.length ?? 0);
  }
}
