# What the scripts that boot Linux on this host's network share. Sourced.
. "$(dirname "${BASH_SOURCE[0]}")/linux.sh"

# start_server: one that has /file, of 1 MiB, and the host's time as /time; its
# port is in the file `port`.
start_server() {
    mkdir www
    seq 200000 | head -c 1048576 >www/file
    cat >server.py <<'END'
import http.server, time

class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/time":
            return super().do_GET()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"%f\n" % time.monotonic())

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
END
    (cd www && exec python3 ../server.py >../port 2>../requests) &
    server=$!
    trap 'kill $server; rm -rf "$work"' EXIT
    until [ -s port ]; do sleep 0.1; done
}

# visit CONSOLE PORT-FILE [NAME]: when the guest says on its console that it
# waits, comes by the forward that Pogo has said of machine NAME in PORT-FILE.
# Prints the guest's answer.
visit() {
    local n
    for n in $(seq 600); do
        grep -qs '^waiting for the host' "$1" && break
        sleep 0.2
    done
    python3 -c '
import re, socket, sys
said = open(sys.argv[1]).read()
name = sys.argv[2] + ": " if len(sys.argv) > 2 else ""
port = re.search(name + r"127.0.0.1:(\d+) leads to TCP port 7000", said)[1]
s = socket.create_connection(("127.0.0.1", int(port)), 60)
s.sendall(b"hello from the host\n")
s.shutdown(socket.SHUT_WR)
print(s.makefile().read(), end="")' "${@:2}" 2>&1
}
