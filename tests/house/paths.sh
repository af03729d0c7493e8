# Nothing here names one machine's folders or where its packages come from:
# apt knows its mirror. (The brackets keep this file from matching itself.)
set -u
cd "$SRC" || exit 1
hosts='(deb|ftp|mirrors?|snapshot|registry|index|proxy|security|packages|files)\.[a-z0-9-]+\.(org|com|net|io|dev)'
folders='/[w]ork/|/[h]ome/|\.\./[s]hared|/[U]sers/'
found=$(find . \( -name build -o -name .git -o -path ./.cache \) -prune -o \
    -type f -print0 | xargs -0 grep -InE "$hosts|$folders")
[ -z "$found" ] && exit 0
echo "not ok: names of package hosts or of one machine's folders:"
echo "$found"
exit 1
