#!/bin/sh
# As in the published base images: the one argument is the handler, and without a Runtime API the emulator plays Lambda.
[ $# -eq 1 ] || { echo 'one argument expected: the handler' >&2; exit 142; }
export _HANDLER="$1"
if [ -z "$AWS_LAMBDA_RUNTIME_API" ]; then
  exec /usr/local/bin/aws-lambda-rie /var/runtime/bootstrap
fi
exec /var/runtime/bootstrap
