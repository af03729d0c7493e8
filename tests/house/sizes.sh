# A file is short enough for one sitting.
set -u
cd "$SRC" || exit 1
limit=600
long=$(find src -type f \( -name '*.[ch]' -o -name '*.def' \) -exec wc -l {} + |
    awk -v limit=$limit '$2 != "total" && $1 > limit')
[ -z "$long" ] && exit 0
echo "not ok: longer than $limit lines:"
echo "$long"
exit 1
