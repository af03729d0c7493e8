# The page of `pogo check --html` in a browser, at 1280 and 400 pixels: nothing
# is wider than the window, however much is open; a cell opens its witness; no
# name from a description runs as a script. The pictures stay in
# $BUILD/tests/check_page: look at them. pogo-test: timeout=240
. "$(dirname "$0")/lib/guest.sh"

pictures=$BUILD/tests/check_page
mkdir -p "$pictures"
command -v chromium-headless-shell >/dev/null ||
    fail "there is no chromium-headless-shell: install that Debian package"

# What runs in the page when it is loaded, beside its own script: opens all
# there is, clicks each cell, and notes what it sees in the title.
cat >probe.js <<'END'
addEventListener('load', function () {
    var wide = 0, opened = 0, cells, page = document.documentElement;
    function look() { wide = Math.max(wide, page.scrollWidth); }
    look();
    document.querySelectorAll('details').forEach(function (d) {
        d.open = true;
    });
    look();
    cells = document.querySelectorAll('.matrix > tbody > tr > td > a');
    cells.forEach(function (a) {
        a.click();
        opened += document.querySelectorAll('tr.open article').length;
        look();
    });
    document.title = ['all', innerWidth, wide, cells.length, opened,
        document.querySelectorAll('tr.open').length,
        document.title === 'broken' ? 'BROKEN' : 'whole'].join(' ');
});
END

# A copy of page $1 with the probe, which the page's policy is made to allow
# beside its own script; $2 is markup to add.
cat >add_probe.py <<'END'
import base64, hashlib, sys
page = open(sys.argv[1]).read()
probe = open("probe.js").read()
digest = base64.b64encode(hashlib.sha256(probe.encode()).digest()).decode()
policy = "script-src 'sha256-"
assert page.count(policy) == 1
page = page.replace(policy, f"script-src 'sha256-{digest}' 'sha256-")
page = page.replace("</head>", f"{sys.argv[2]}<script>{probe}</script></head>")
open("probed.html", "w").write(page)
END

# browse PAGE WIDTH HEIGHT PICTURE: the page's source afterwards, on output.
browse() {
    timeout 60 chromium-headless-shell --no-sandbox --disable-gpu \
        --user-data-dir="$work/profile" --hide-scrollbars \
        --window-size="$2,$3" --screenshot="$4" --dump-dom "file://$1" \
        2>browser.err </dev/null
}

# probe SAMPLE WIDTH [MARKUP]: what the probe has noted.
probe() {
    "$BUILD/tests/unit_ui_test_verdict_html" --write sample.html "$1"
    python3 add_probe.py sample.html "${3-}" || return
    browse "$work/probed.html" "$2" 2000 "$pictures/open-$1-$2.png" |
        sed -n 's/.*<title>\(.*\)<\/title>.*/\1/p'
}

# Two numbers: what `file` says of a picture, from its header.
picture_size() {
    python3 -c '
import struct, sys
print(*struct.unpack(">II", open(sys.argv[1], "rb").read()[16:24]))' "$1"
}

# Two reports with 6 cells each that have a witness, hostile names, 400
# instructions. The last witness stays open.
check "much, and hostile names, 400 pixels" "all 400 400 12 12 1 whole" \
    "$(probe worst 400)"
check "much, and hostile names, 1280 pixels" "all 1280 1280 12 12 1 whole" \
    "$(probe worst 1280)"
check "what is too wide is found" "all 400 720 6 6 1 whole" \
    "$(probe plain 400 '<style>main{min-width:720px}</style>')"

# As a reader first sees it.
"$BUILD/tests/unit_ui_test_verdict_html" --write sample.html plain
for width in 1280 400; do
    picture=$pictures/plain-$width.png
    browse "$work/sample.html" $width 2600 "$picture" >page.out
    check "a picture $width pixels wide" "$width 2600" \
        "$(picture_size "$picture")"
done
finish
