/** Files beside the page's script: what is too large for the script and not always needed. */

/**
 * Reads a file of the page's own folder. The content security policy lets the page fetch from there and nowhere else.
 * @throws Error where it is not there
 */
export async function asset(name: string): Promise<Uint8Array> {
  const { worker = '' } = document.getElementById('playground')?.dataset ?? {};
  const answer = await fetch(new URL(name, new URL(worker, document.baseURI)));
  if (!answer.ok) throw new Error(`${name} could not be read: ${answer.status}.`);
  return new Uint8Array(await answer.arrayBuffer());
}
