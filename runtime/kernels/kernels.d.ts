/** The compiled AssemblyScript kernels, deflated, base64; supplied by runtime/kernels/build.js. */
declare module 'normlens:kernels' {
  const wasm: string;
  export default wasm;
}
