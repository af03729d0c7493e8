# What ./run and ./test do before they run anything. Sourced, not run.
# A second start with nothing changed costs a few file reads and a ninja that
# finds nothing to do.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

BUILD_PACKAGES="gcc libc6-dev cmake ninja-build ccache
    gcc-riscv64-unknown-elf binutils-riscv64-unknown-elf
    libfdt-dev libelf-dev zlib1g-dev libcmocka-dev debian-archive-keyring"
TEST_PACKAGES="clang libclang-rt-dev qemu-system-misc opensbi
    u-boot-qemu cpio kmod xz-utils e2fsprogs gdb-multiarch python3-minimal"

# Asks for the tree's lock, and has it when it returns.
prepare_build() {
    lock_tree
    install_packages build-packages $BUILD_PACKAGES
    [ -e "$BUILD_ROOT/packages/capstone/.complete" ] ||
        "$ROOT/tools/get-packages" capstone
}

# build_tree PRESET [TARGET]: configures if it never was, and builds. ninja
# itself configures again when a CMake file has changed.
build_tree() {
    local tree=$BUILD_ROOT/$1
    if [ ! -f "$tree/build.ninja" ]; then
        say "configuring: $1"
        (cd "$ROOT" && logged "configure-$1" cmake --preset "$1") || {
            rm -f "$tree/CMakeCache.txt"
            unstamp build-packages
            exit 1
        }
    fi
    # -n is quick where there is nothing to do, and then there is no need to
    # say that we build.
    if ! up_to_date "$tree" "${2:-all}"; then
        say "building: $1"
        logged "build-$1" ninja -C "$tree" "${2:-all}" || {
            unstamp build-packages
            exit 1
        }
    fi
}

up_to_date() {
    case $(ninja -C "$1" -n "$2" 2>/dev/null) in
    *"no work to do"*) return 0 ;;
    *) return 1 ;;
    esac
}
