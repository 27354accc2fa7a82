import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser';

/** The page's part of a talk with the server in a worker: sends, answers, and waits. */
interface Talk {
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  next(method: string): Promise<{ uri: string; diagnostics: { code: string; message: string }[] }>;
  readonly asked: string[];
}

const PROGRAM = `
import * as tf from '@tensorflow/tfjs';
import { axis } from './settings';
const model = tf.sequential();
model.add(tf.layers.conv2d({ filters: 8, kernelSize: 3, useBias: false, inputShape: [28, 28, 1] }));
model.add(tf.layers.batchNormalization({ axis }));
`;
const FILES: Readonly<Record<string, string>> = { 'vscode-vfs://github/me/nets/settings.ts': 'export const axis = 1;' };
const URI = 'vscode-vfs://github/me/nets/model.ts';

describe('the server in a browser’s worker', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = createServer(({ url = '/' }, response) => {
      const script = url.endsWith('.js');
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
      response.end(script ? readFileSync(resolve(`.${url}`)) : '<!doctype html><title>worker</title>');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.evaluate(startTalk, FILES);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('finds a misuse whose cause is in another file, which it asks the editor for', async () => {
    const published = await page.evaluate(
      async ({ uri, text }) => {
        const talk = (window as unknown as { talk: Talk }).talk;
        await talk.request('initialize', { processId: null, rootUri: null, capabilities: {} });
        talk.notify('initialized', {});
        const next = talk.next('textDocument/publishDiagnostics');
        talk.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } });
        return { ...(await next), asked: talk.asked };
      },
      { uri: URI, text: PROGRAM },
    );
    expect(published.uri).toBe(URI);
    expect(published.diagnostics.map(({ code }) => code)).toContain('NL101');
    expect(published.asked).toContain('vscode-vfs://github/me/nets/settings.ts');
  });

  it('tells the shapes in a hover', async () => {
    const hover = await page.evaluate((uri) => {
      const talk = (window as unknown as { talk: Talk }).talk;
      return talk.request('textDocument/hover', { textDocument: { uri }, position: { line: 4, character: 20 } });
    }, URI);
    expect(JSON.stringify(hover)).toContain('[null, 26, 26, 8]');
  });
});

/** Runs in the page. */
function startTalk(files: Readonly<Record<string, string>>): void {
  interface Message {
    readonly id?: number;
    readonly method?: string;
    readonly params?: { readonly uris?: readonly string[] };
    readonly result?: unknown;
  }
  const worker = new Worker('/dist/web/server.js');
  const answers = new Map<number, (result: unknown) => void>();
  const waiting = new Map<string, (params: unknown) => void>();
  const asked: string[] = [];
  let id = 0;
  const send = (message: object) => worker.postMessage({ jsonrpc: '2.0', ...message });
  worker.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.method === undefined) return answers.get(data.id ?? -1)?.(data.result);
    if (data.method === 'normlens/readFiles') {
      const uris = data.params?.uris ?? [];
      asked.push(...uris);
      return send({ id: data.id, result: uris.map((uri) => files[uri] ?? null) });
    }
    if (data.id !== undefined) return send({ id: data.id, result: null });
    waiting.get(data.method)?.(data.params);
  };
  worker.postMessage({ analyzer: new URL('/dist/analyzer.js', location.href).href });
  const talk: Talk = {
    asked,
    notify: (method, params) => send({ method, params }),
    request: (method, params) =>
      new Promise((resolve) => {
        id += 1;
        answers.set(id, resolve);
        send({ id, method, params });
      }),
    next: (method) => new Promise((resolve) => waiting.set(method, resolve as (params: unknown) => void)),
  };
  Object.assign(window, { talk });
}
