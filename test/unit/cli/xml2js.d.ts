declare module 'xml2js' {
  export function parseStringPromise(text: string, options: { readonly strict: boolean }): Promise<unknown>;
}
