/** The compiled AssemblyScript kernels, deflated, in base 85; supplied by runtime/kernels/build.js. */
declare module 'normlens:kernels' {
  const wasm: string;
  export default wasm;
}
