// A function in Node: plain HTTP to the extension's proxy, and the file that the extension writes.
'use strict';

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

const fingerprint = (value) => createHash('sha256').update(value).digest('hex').slice(0, 12);

exports.handler = async (event) => {
  const answer = { order: event.order ?? 'none' };
  if (event.proxy ?? true) {
    const response = await fetch(`${process.env.VAULT_ADDR}/v1/secret/data/orders/db`);
    if (!response.ok) {
      throw new Error(`the proxy answered ${response.status}: ${await response.text()}`);
    }
    answer.passwordFingerprint = fingerprint((await response.json()).data.data.password);
  }
  if (event.file ?? true) {
    const secret = JSON.parse(readFileSync(process.env.VAULT_SECRET_FILE, 'utf8'));
    answer.fileFingerprint = fingerprint(secret.data.data.password);
  }
  return answer;
};
