# A room includes only the rooms above it, and no header includes itself by way
# of others. The table is that of the CMake files under src/, written again by
# hand, so that neither can be changed alone.
set -u
cd "$SRC/src" || exit 1
failures=0
not_ok() { echo "not ok: $*"; failures=$((failures + 1)); }

rooms_for() {
    case $1 in
    base) echo "" ;;
    isa) echo "base" ;;
    mmu) echo "base isa" ;;
    bus) echo "base" ;;
    cpu) echo "base isa mmu bus" ;;
    devices) echo "base bus" ;;
    machine) echo "base isa mmu bus cpu devices firmware" ;;
    vmm/core) echo "base isa" ;; # and the few headers of core_header
    vmm) echo "base isa mmu bus cpu devices machine vmm/core" ;;
    check) echo "base isa mmu bus cpu devices machine vmm/core vmm" ;;
    debug) echo "base isa mmu bus cpu devices machine vmm/core vmm" ;;
    ui) echo "base isa mmu bus cpu devices machine vmm/core vmm debug check" ;;
    cli) echo "base isa mmu bus cpu devices machine vmm/core vmm debug check ui firmware" ;;
    *) echo "unknown" ;;
    esac
}

# The core's view of the mmu and the machine: pure functions, one interface.
core_header() {
    case $1 in
    mmu/walk*.h | mmu/pmp*.h | mmu/pte*.h | machine/machine.h) return 0 ;;
    *) return 1 ;;
    esac
}

edges=$(mktemp)
trap 'rm -f "$edges"' EXIT
files=$(find . \( -name '*.[ch]' -o -name '*.def' \) -printf '%P\n' | sort)
for file in $files; do
    room=$(dirname "$file")
    allowed=" $room $(rooms_for "$room") "
    # What the core includes must itself include nothing but the core's rooms.
    core_header "$file" && allowed=" base isa "
    [ "$(rooms_for "$room")" = unknown ] &&
        not_ok "$file is in no room: add src/$room to the table"
    for included in $(sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$file"); do
        [ "$included" = firmware.h ] && included=firmware/firmware.h
        echo "$file $included" >>"$edges"
        case $included in
        firmware/*) [ -f "../$included" ] ;;
        *) [ -f "$included" ] ;;
        esac || not_ok "$file includes $included, which is not under src/"
        case $allowed in *" $(dirname "$included") "*) continue ;; esac
        case $room in
        vmm/core) core_header "$included" && continue ;;
        mmu) core_header "$file" && core_header "$included" && continue ;;
        machine) [ "$file" = machine/machine.h ] &&
            core_header "$included" && continue ;;
        esac
        not_ok "$file includes $included: $room may not use it"
    done
done
# A file of X-macros includes nothing; a header may include it more than once.
loops=$(tsort "$edges" 2>&1 >/dev/null) || not_ok "includes in a circle: $loops"
echo "$(echo "$files" | wc -l) files, $(wc -l <"$edges") includes, $failures failures"
exit $((failures > 0))
