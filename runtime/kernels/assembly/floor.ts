// Not a part of the runtime: test/bench/runtime compiles it beside the kernels.
//
// The memory floor: what any normalization must do, and nothing else. Every block is read twice and written once, with
// the loads and stores of the kernels, in their order; a block is a set's extent (a row, an image, the whole tensor), so
// that a block that fits a cache is read from it the second time, as a kernel would. AssemblyScript.

/** Reads blocks · size elements of x twice, a block at a time, and writes them to y. */
export function floor(x: usize, y: usize, blocks: i32, size: i32): f32 {
  const bytes = <usize>size << 2;
  const lead = y - x;
  let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0);
  for (let i = 0; i < blocks; i++) {
    const end = x + bytes;
    const stop = x + (bytes & ~63);
    let p = x;
    for (; p < stop; p += 64) {
      a = v128.xor(a, v128.load(p));
      b = v128.xor(b, v128.load(p, 16));
      c = v128.xor(c, v128.load(p, 32));
      d = v128.xor(d, v128.load(p, 48));
    }
    for (; p < end; p += 4) a = f32x4.replace_lane(a, 0, load<f32>(p));
    p = x;
    for (; p < stop; p += 64) {
      v128.store(p + lead, v128.load(p));
      v128.store(p + lead, v128.load(p, 16), 16);
      v128.store(p + lead, v128.load(p, 32), 32);
      v128.store(p + lead, v128.load(p, 48), 48);
    }
    for (; p < end; p += 4) store<f32>(p + lead, load<f32>(p));
    x = end;
  }
  return f32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}

/** The same for a backward pass: x and dy are read twice, dx is written once. */
export function floorBackward(x: usize, dy: usize, dx: usize, blocks: i32, size: i32): f32 {
  const bytes = <usize>size << 2;
  const toDy = dy - x;
  const toDx = dx - x;
  let a = f32x4.splat(0), b = f32x4.splat(0);
  for (let i = 0; i < blocks; i++) {
    const end = x + bytes;
    const stop = x + (bytes & ~31);
    let p = x;
    for (; p < stop; p += 32) {
      a = v128.xor(a, v128.xor(v128.load(p), v128.load(p + toDy)));
      b = v128.xor(b, v128.xor(v128.load(p, 16), v128.load(p + toDy, 16)));
    }
    p = x;
    for (; p < stop; p += 32) {
      v128.store(p + toDx, v128.xor(v128.load(p), v128.load(p + toDy)));
      v128.store(p + toDx, v128.xor(v128.load(p, 16), v128.load(p + toDy, 16)), 16);
    }
    for (; p < end; p += 4) store<f32>(p + toDx, load<f32>(p) + load<f32>(p + toDy));
    x = end;
  }
  return f32x4.extract_lane(v128.xor(a, b), 0);
}

/** The floor of inference, which needs no statistics: x is read once and y is written once. */
export function once(x: usize, y: usize, blocks: i32, size: i32): f32 {
  const end = x + (<usize>blocks * <usize>size << 2);
  const stop = x + ((end - x) & ~63);
  const lead = y - x;
  for (; x < stop; x += 64) {
    v128.store(x + lead, v128.load(x));
    v128.store(x + lead, v128.load(x, 16), 16);
    v128.store(x + lead, v128.load(x, 32), 32);
    v128.store(x + lead, v128.load(x, 48), 48);
  }
  for (; x < end; x += 4) store<f32>(x + lead, load<f32>(x));
  return 0;
}

/** The same for its backward pass, where sums and dx may be had at once: x and dy are read once, dx is written once. */
export function onceBackward(x: usize, dy: usize, dx: usize, blocks: i32, size: i32): f32 {
  const end = x + (<usize>blocks * <usize>size << 2);
  const stop = x + ((end - x) & ~31);
  const toDy = dy - x;
  const toDx = dx - x;
  for (; x < stop; x += 32) {
    v128.store(x + toDx, v128.xor(v128.load(x), v128.load(x + toDy)));
    v128.store(x + toDx, v128.xor(v128.load(x, 16), v128.load(x + toDy, 16)), 16);
  }
  for (; x < end; x += 4) store<f32>(x + toDx, load<f32>(x) + load<f32>(x + toDy));
  return 0;
}
