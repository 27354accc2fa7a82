import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { playground, USUAL_PORT } from '../../../src/cli/playground';
import { recordingTerminal } from './terminal';

const portOf = (address: string): number => Number(new URL(address).port);

/** Takes the usual port, whoever may have it already, until `free`. */
async function taken(): Promise<{ free(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve());
    server.listen(USUAL_PORT, '127.0.0.1', resolve);
  });
  return { free: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe('normlens playground', () => {
  it('takes another port where the usual one is taken', async () => {
    const { free } = await taken();
    const { terminal, out } = recordingTerminal('/');
    const { address, close } = await playground(undefined, 'nowhere', terminal);
    expect(portOf(address)).not.toBe(USUAL_PORT);
    expect(out()).toContain(address);
    expect((await fetch(address)).status).toBe(200);
    await close();
    await free();
  });

  it('refuses a port that was asked for and is taken', async () => {
    const { free } = await taken();
    await expect(playground(USUAL_PORT, 'nowhere', recordingTerminal('/').terminal)).rejects.toThrow(/EADDRINUSE/);
    await free();
  });
});
