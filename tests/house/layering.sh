# A room includes only the rooms above it, and no header includes itself by way
# of others. The table is that of the CMake files under src/, written again by
# hand, so that neither can be changed alone. pogo-test: timeout=180
set -u
cd "$SRC/src" || exit 1
failures=0
not_ok() { echo "not ok: $*"; failures=$((failures + 1)); }

# By room: what it may include besides itself. No forks below: there are
# hundreds of files.
declare -A rooms=(
    [base]=""
    [isa]="base"
    [mmu]="base isa"
    [bus]="base"
    [cpu]="base isa mmu bus"
    [devices]="base bus"
    [host]="base bus devices" # and libraries of the host's
    [host/slirp]="base devices host"
    [machine]="base isa mmu bus cpu devices firmware"
    [vmm/core]="base isa" # and the few headers of core_header
    [vmm]="base isa mmu bus cpu devices machine vmm/core"
    [check]="base isa mmu bus cpu devices machine vmm/core vmm"
    [check/isa]="base host check"
    [check/isa/z3]="base check check/isa"
    [check/riscv]="base isa mmu bus cpu check"
    [check/scan]="base isa machine check"
    [debug]="base isa mmu bus cpu devices machine vmm/core vmm"
    [debug/gdb]="base isa mmu bus cpu devices machine vmm/core vmm debug"
    [ui/sdl]="base bus devices host ui"
    [ui/tui]="base isa mmu bus cpu devices machine vmm/core vmm debug"
    [ui]="base isa mmu bus cpu devices host machine vmm/core vmm debug check"
    [cli]="base isa mmu bus cpu devices host machine vmm/core vmm debug debug/gdb check check/isa check/riscv check/scan ui ui/tui firmware"
)

# The core's view of the mmu and the machine: pure functions, one interface.
core_header() {
    case $1 in
    mmu/walk*.h | mmu/pmp*.h | mmu/pte*.h | mmu/translations.h) return 0 ;;
    machine/machine.h) return 0 ;;
    *) return 1 ;;
    esac
}

edges=$(mktemp)
trap 'rm -f "$edges"' EXIT
files=$(find . \( -name '*.[ch]' -o -name '*.def' \) -printf '%P\n' | sort)
for file in $files; do
    [ "${rooms[${file%/*}]-unknown}" = unknown ] &&
        not_ok "$file is in no room: add src/${file%/*} to the table"
done
while IFS=: read -r file included; do
    room=${file%/*}
    allowed=" $room ${rooms[$room]-} "
    # What the core includes must itself include nothing but the core's rooms.
    core_header "$file" && allowed=" base isa "
    [ "$included" = firmware.h ] && included=firmware/firmware.h
    echo "$file $included" >>"$edges"
    case $included in
    firmware/*) [ -f "../$included" ] ;;
    *) [ -f "$included" ] ;;
    esac || not_ok "$file includes $included, which is not under src/"
    case $allowed in *" ${included%/*} "*) continue ;; esac
    case $room in
    vmm/core) core_header "$included" && continue ;;
    mmu) core_header "$file" && core_header "$included" && continue ;;
    machine) [ "$file" = machine/machine.h ] &&
        core_header "$included" && continue ;;
    esac
    not_ok "$file includes $included: $room may not use it"
done < <(grep -H '^ *# *include *"' $files |
    sed 's/: *# *include *"\([^"]*\)".*/:\1/')
# A file of X-macros includes nothing; a header may include it more than once.
loops=$(tsort "$edges" 2>&1 >/dev/null) || not_ok "includes in a circle: $loops"
echo "$(echo "$files" | wc -l) files, $(wc -l <"$edges") includes, $failures failures"
exit $((failures > 0))
