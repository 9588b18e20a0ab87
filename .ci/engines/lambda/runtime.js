// A runtime for handlers in Node, on the Runtime API alone: AWS's own client needs a compiler where it is installed.
'use strict';

const http = require('node:http');
const path = require('node:path');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function send(method, operation, body, headers) {
  return new Promise((resolve, reject) => {
    const options = { host, port, agent, method, path: `/2018-06-01/runtime/${operation}`, headers: { ...headers } };
    if (body !== undefined) {
      options.headers['Content-Length'] = Buffer.byteLength(body);
    }
    const request = http.request(options, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ headers: answer.headers, text: Buffer.concat(parts).toString('utf8') }));
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function report(operation, error) {
  const body = { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  return send('POST', operation, JSON.stringify(body), { 'Lambda-Runtime-Function-Error-Type': error.name });
}

function load(setting) {
  const dot = setting.lastIndexOf('.');
  const module = require(path.resolve(process.env.LAMBDA_TASK_ROOT, setting.slice(0, dot)));
  return module[setting.slice(dot + 1)];
}

async function main() {
  let handler;
  try {
    handler = load(process.argv[2]);
  } catch (error) {
    await report('init/error', error);
    process.exit(1);
  }
  for (;;) {
    const next = await send('GET', 'invocation/next');
    const id = next.headers['lambda-runtime-aws-request-id'];
    const deadline = Number(next.headers['lambda-runtime-deadline-ms']);
    const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() };
    try {
      const result = await handler(JSON.parse(next.text), context);
      await send('POST', `invocation/${id}/response`, JSON.stringify(result === undefined ? null : result));
    } catch (error) {
      await report(`invocation/${id}/error`, error);
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
