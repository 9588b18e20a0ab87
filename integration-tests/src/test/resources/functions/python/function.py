"""A function in Python: hvac, to which the extension's proxy is Vault, and the file that the extension writes."""

import hashlib
import json
import os

import hvac


def handler(event, context):
    answer = {"order": event.get("order", "none")}
    if "DB_PASSWORD" in os.environ:
        answer["variableFingerprint"] = fingerprint(os.environ["DB_PASSWORD"])
    if event.get("proxy", True):
        vault = hvac.Client()  # at VAULT_ADDR
        secret = vault.secrets.kv.v2.read_secret_version(path="orders/db", raise_on_deleted_version=True)
        answer["passwordFingerprint"] = fingerprint(secret["data"]["data"]["password"])
    if event.get("file", True):
        with open(os.environ["VAULT_SECRET_FILE"], encoding="utf-8") as file:
            answer["fileFingerprint"] = fingerprint(json.load(file)["data"]["data"]["password"])
    return answer


def fingerprint(value):
    return hashlib.sha256(value.encode()).hexdigest()[:12]
