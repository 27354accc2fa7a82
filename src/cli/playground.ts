import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type CodeModels, contentSecurityPolicy, playgroundPage } from '../shared/playground';
import type { Terminal } from './terminal';

/** Only this machine reaches the page. */
const LOOPBACK = '127.0.0.1';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.bin': 'application/octet-stream',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.map': 'application/json',
};

export interface PlaygroundServer {
  /** `http://127.0.0.1:PORT/`. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the playground's page and the files of its bundle on the loopback address.
 * @param folder where `main.js`, `main.css` and `worker.js` are
 * @param port 0 for any that is free; rejects where it is taken
 * @param models what `models.json` tells the page of the reader's file, each time anew
 */
export async function servePlayground(
  folder: string,
  port: number,
  models: () => CodeModels | undefined = () => undefined,
): Promise<PlaygroundServer> {
  const server = createServer((request, response) => {
    answer(request, response, { folder, models }, server).catch(() => end(response, 500));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  return {
    address: `http://${LOOPBACK}:${portOf(server)}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A browser keeps what a page stores by its address: results of training are there again where the port stays. */
export const USUAL_PORT = 7313;

/**
 * `normlens playground`: serves the page until the process is ended. Resolves once it listens.
 * @param port undefined for the usual one or, where that is taken, any that is free
 */
export async function playground(
  port: number | undefined,
  folder: string,
  terminal: Terminal,
  models?: () => CodeModels | undefined,
): Promise<PlaygroundServer> {
  const server = await servePlayground(folder, port ?? USUAL_PORT, models).catch((error: NodeJS.ErrnoException) => {
    if (port !== undefined || error.code !== 'EADDRINUSE') throw error;
    return servePlayground(folder, 0, models);
  });
  terminal.write(`The playground: ${server.address}\n`);
  terminal.warn('It is served to this machine alone, until you press Ctrl+C.');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  { folder, models }: { readonly folder: string; readonly models: () => CodeModels | undefined },
  server: Server,
): Promise<void> {
  // A name of the outer world that was pointed at this machine would let its page read ours.
  const port = portOf(server);
  if (headers.host !== `${LOOPBACK}:${port}` && headers.host !== `localhost:${port}`) return end(response, 403);
  if (method !== 'GET' && method !== 'HEAD') return end(response, 405);
  const { pathname } = new URL(url, `http://${LOOPBACK}`);
  if (pathname === '/') return sendPage(response);
  if (pathname === '/models.json') return sendModels(response, models());
  const name = /^\/([\w.-]+)$/.exec(pathname)?.[1];
  const type = name && TYPES[path.extname(name)];
  if (name === undefined || type === undefined) return end(response, 404);
  const contents = await readFile(path.join(folder, name)).catch(() => undefined);
  if (contents === undefined) return end(response, 404);
  response.writeHead(200, { ...HEADERS, 'Content-Type': type });
  response.end(contents);
}

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

function sendPage(response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64url');
  const html = playgroundPage({ nonce, source: "'self'", script: 'main.js', style: 'main.css', worker: 'worker.js' });
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `${contentSecurityPolicy(nonce, "'self'")}; frame-ancestors 'none'`,
  });
  response.end(html);
}

/** Null where no file was named: the page shows an example. */
function sendModels(response: ServerResponse, models: CodeModels | undefined): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(models ?? null));
}

function end(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status, HEADERS);
  response.end();
}
