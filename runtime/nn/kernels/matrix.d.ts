/** The compiled matrix kernels, base64; supplied by runtime/kernels/build.js. */
declare module 'normlens:matrix' {
  const wasm: string;
  export default wasm;
}
