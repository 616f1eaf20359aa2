#!/bin/sh
# Runs the tests of the AWS adapters against two emulators, MiniStack and moto's
# server, each started on a free port of this machine and stopped at the end. They are
# installed once, into a Python environment under $TENANTRY_TOOLS (default: .tools at
# the root of the repository). Arguments go to 'go test'; where they name no package, all
# adapters are tested.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
tools=${TENANTRY_TOOLS:-$root/.tools}
ministack=1.5.33
moto=5.2.5
python=$tools/emulators-$ministack-$moto

if [ ! -e "$python/complete" ]; then
	rm -rf "$python"
	mkdir -p "$tools"
	python3 -m venv "$python"
	"$python/bin/pip" install --quiet --disable-pip-version-check "ministack==$ministack" "moto[server]==$moto"
	touch "$python/complete"
fi

logs=$(mktemp -d)
processes=
stop() {
	for process in $processes; do
		kill "$process" 2>/dev/null || true
		wait "$process" 2>/dev/null || true
	done
	rm -rf "$logs"
}
trap stop EXIT
trap 'exit 130' INT TERM

free_port() {
	"$python/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# await NAME PORT PROCESS waits until something answers on the port.
await() {
	for _ in $(seq 300); do
		if "$python/bin/python" -c "import socket; socket.create_connection(('127.0.0.1', $2), 1).close()" 2>/dev/null; then
			return
		fi
		if ! kill -0 "$3" 2>/dev/null; then
			break
		fi
		sleep 0.2
	done
	echo "$1 did not start:" >&2
	cat "$logs/$1" >&2
	exit 1
}

ministack_port=$(free_port)
(cd "$logs" && exec env BIND_HOST=127.0.0.1 GATEWAY_PORT="$ministack_port" SERVICES=dynamodb,sqs,s3,ses,sns,secretsmanager LOG_LEVEL=ERROR \
	"$python/bin/ministack") >"$logs/ministack" 2>&1 &
ministack_process=$!
processes="$ministack_process"
moto_port=$(free_port)
(cd "$logs" && exec "$python/bin/moto_server" -H 127.0.0.1 -p "$moto_port") >"$logs/moto" 2>&1 &
moto_process=$!
processes="$processes $moto_process"
await ministack "$ministack_port" "$ministack_process"
await moto "$moto_port" "$moto_process"

export TENANTRY_TEST_AWS_MINISTACK="http://127.0.0.1:$ministack_port"
export TENANTRY_TEST_AWS_MOTO="http://127.0.0.1:$moto_port"
cd "$root"
case " $* " in
*" ./"*) go test -tags emulator "$@" ;;
*) go test -tags emulator "$@" ./shared/store/table/dynamo/... ./shared/store/queue/sqs/... ./shared/store/blob/s3/... ./shared/mail/ses/... ;;
esac
