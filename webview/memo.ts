/** A pure function that keeps its last result: a frame that changes something else does not compute it again. */
export function remembered<P extends readonly unknown[], R>(compute: (...parameters: P) => R): (...parameters: P) => R {
  let last: { readonly key: string; readonly result: R } | undefined;
  return (...parameters) => {
    const key = JSON.stringify(parameters);
    if (last?.key !== key) last = { key, result: compute(...parameters) };
    return last.result;
  };
}
