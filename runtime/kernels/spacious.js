// Makes a compiled module fit to run without relaxed SIMD: every f32x4.relaxed_madd gets room behind it, and its function a
// spare local, so that the loader (relaxed.ts) can write f32x4.mul and f32x4.add in its place without moving anything.
const MADD = [0xfd, 0x85, 0x02];
const V128 = 0x7b;
const TYPE = 1;
const FUNCTION = 3;
const CODE = 10;

function leb(value) {
  const bytes = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    bytes.push(value ? low | 0x80 : low);
  } while (value);
  return bytes;
}

/** Reads numbers and stretches one after the other. */
function reader(bytes, at = 0) {
  const self = {
    get at() {
      return at;
    },
    number() {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++];
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return value >>> 0;
      }
    },
    take(n) {
      at += n;
      return bytes.subarray(at - n, at);
    },
    /** A vector's items, each by `read`. */
    many: (read) => Array.from({ length: self.number() }, read),
    get done() {
      return at >= bytes.length;
    },
  };
  return self;
}

/** The module's sections: [id, content]. */
function sectionsOf(wasm) {
  const input = reader(wasm, 8);
  const sections = [];
  while (!input.done) {
    const id = input.number();
    sections.push([id, input.take(input.number())]);
  }
  return sections;
}

/** How many parameters each function type has. */
function parameterCounts(content) {
  const input = reader(content);
  return input.many(() => {
    input.take(1);
    const parameters = input.number();
    input.take(parameters);
    input.take(input.number());
    return parameters;
  });
}

/** Behind a relaxed_madd, harmless as it stands: "get the spare local, drop it, and four times nothing". */
const room = (local) => [0x20, local, 0x1a, 1, 1, 1, 1];

/** A function's body with a spare local and room behind every relaxed_madd. */
function spacious(body, parameters) {
  if (body.indexOf(Buffer.from(MADD)) < 0) return body;
  const input = reader(body);
  let locals = 0;
  const groups = input.many(() => {
    const count = input.number();
    locals += count;
    return [...leb(count), ...input.take(1)];
  });
  const spare = parameters + locals;
  if (spare > 127) throw new Error(`A function has ${spare} locals, too many for relaxed.ts`);
  const code = [...body.subarray(input.at)];
  const bytes = [...leb(groups.length + 1), ...groups.flat(), 1, V128];
  for (let i = 0; i < code.length; i++) {
    bytes.push(code[i]);
    if (i >= 2 && MADD.every((byte, k) => code[i - 2 + k] === byte)) bytes.push(...room(spare));
  }
  return Uint8Array.from(bytes);
}

/**
 * The same module, spacious. `count` is how many relaxed_madd its text has: as many as there must be patterns of their bytes.
 */
function makeSpacious(wasm, count) {
  const sections = sectionsOf(wasm);
  const contentOf = (id) => sections.find((section) => section[0] === id)[1];
  const parameters = parameterCounts(contentOf(TYPE));
  const functions = reader(contentOf(FUNCTION));
  const types = functions.many(() => functions.number());
  const output = [...wasm.subarray(0, 8)];
  for (const [id, content] of sections) {
    let bytes = [...content];
    if (id === CODE) {
      const input = reader(content);
      const bodies = input.many(() => input.take(input.number()));
      const made = bodies.map((body, i) => spacious(body, parameters[types[i]]));
      bytes = [...leb(bodies.length), ...made.flatMap((body) => [...leb(body.length), ...body])];
    }
    output.push(id, ...leb(bytes.length), ...bytes);
  }
  const result = Buffer.from(output);
  const found = result.toString('latin1').split(String.fromCharCode(...MADD)).length - 1;
  if (found !== count) throw new Error(`${count} instructions relaxed_madd, but ${found} patterns of their bytes`);
  return result;
}

module.exports = { makeSpacious };
