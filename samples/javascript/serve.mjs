// node serve.mjs FOLDER: the folder on a free port of this machine, which it prints.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const types = { '.html': 'text/html', '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };
const server = createServer(async ({ url }, response) => {
  const path = normalize(new URL(url, 'http://local').pathname);
  try {
    const content = await readFile(join(process.argv[2], path));
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}).listen(0, '127.0.0.1', () => console.log(server.address().port));
