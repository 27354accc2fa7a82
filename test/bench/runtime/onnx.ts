// ONNX models made on the fly: a chain of one normalization, as the bytes of a ModelProto (onnx/onnx.proto, protocol
// buffers' wire format). Only the fields that these models need.

type Bytes = readonly number[] | Uint8Array;

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let v = BigInt.asUintN(64, BigInt(value));
  for (; v > 127n; v >>= 7n) bytes.push(Number(v & 127n) | 128);
  return [...bytes, Number(v)];
};
const concat = (parts: readonly Bytes[]): Uint8Array => {
  const result = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
};
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const number = (field: number, value: number): Bytes => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, value: Bytes): Bytes => concat([varint((field << 3) | 2), varint(value.length), value]);
const float = (field: number, value: number): Bytes =>
  concat([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)]);

type Attribute = number | { readonly float: number } | readonly number[];

const attribute = (name: string, value: Attribute): Bytes => {
  if (typeof value === 'number') return concat([bytes(1, text(name)), number(3, value), number(20, 2)]);
  if ('float' in value) return concat([bytes(1, text(name)), float(2, value.float), number(20, 1)]);
  return concat([bytes(1, text(name)), ...value.map((v) => number(8, v)), number(20, 7)]);
};

export interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

const node = ({ type, inputs, outputs, attributes = {} }: Node): Bytes =>
  concat([
    ...inputs.map((name) => bytes(1, text(name))),
    ...outputs.map((name) => bytes(2, text(name))),
    bytes(4, text(type)),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
  ]);

const FLOAT = 1;
const INT64 = 7;

const initializer = (name: string, data: Float32Array | BigInt64Array, dims: readonly number[]): Bytes =>
  concat([
    ...dims.map((dim) => number(1, dim)),
    number(2, data instanceof Float32Array ? FLOAT : INT64),
    bytes(8, text(name)),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);

const valueInfo = (name: string, dims: readonly number[]): Bytes => {
  const shape = concat(dims.map((dim) => bytes(1, number(1, dim))));
  return concat([bytes(1, text(name)), bytes(2, bytes(1, concat([number(1, FLOAT), bytes(2, shape)])))]);
};

export interface Graph {
  readonly nodes: readonly Node[];
  readonly constants: Readonly<
    Record<string, { readonly data: Float32Array | BigInt64Array; readonly dims: readonly number[] }>
  >;
  readonly input: { readonly name: string; readonly dims: readonly number[] };
  readonly output: { readonly name: string; readonly dims: readonly number[] };
}

/** A model of one input and one output, both float32, in the default operator set 23. */
export function model({ nodes, constants, input, output }: Graph): Uint8Array {
  const graph = concat([
    ...nodes.map((n) => bytes(1, node(n))),
    bytes(2, text('norm')),
    ...Object.entries(constants).map(([name, { data, dims }]) => bytes(5, initializer(name, data, dims))),
    bytes(11, valueInfo(input.name, input.dims)),
    bytes(12, valueInfo(output.name, output.dims)),
  ]);
  return concat([number(1, 10), bytes(7, graph), bytes(8, number(2, 23))]);
}
