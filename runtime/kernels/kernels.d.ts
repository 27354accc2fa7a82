/** The compiled AssemblyScript kernels, base64; supplied by runtime/kernels/build.js. */
declare module 'normlens:kernels' {
  const wasm: string;
  export default wasm;
}
