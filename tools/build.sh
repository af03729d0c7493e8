# What ./run and ./test do before they run anything. Sourced, not run.
# A second start with nothing changed costs a few file reads and a ninja that
# finds nothing to do.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

BUILD_PACKAGES="gcc libc6-dev cmake ninja-build ccache
    gcc-riscv64-unknown-elf binutils-riscv64-unknown-elf python3
    libfdt-dev libelf-dev libdw-dev libedit-dev libz3-dev libxxhash-dev zlib1g-dev libzstd-dev
    liblzma-dev libslirp-dev libpng-dev libsdl2-dev libncurses-dev libcmocka-dev
    debian-archive-keyring"
TEST_PACKAGES="chromium-headless-shell clang libclang-rt-dev qemu-system-misc opensbi
    u-boot-qemu cpio kmod xz-utils e2fsprogs gdb-multiarch
    device-tree-compiler xvfb xdotool tmux"

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
    local tree=$BUILD_ROOT/$1 built
    if [ ! -f "$tree/build.ninja" ]; then
        say "configuring: $1"
        (cd "$ROOT" && logged "configure-$1" cmake --preset "$1") || {
            rm -f "$tree/CMakeCache.txt"
            unstamp build-packages
            exit 1
        }
    fi
    # ninja knows what to do, but not quietly: say that we build only where
    # something is newer than the last build.
    built=$tree/.built-${2:-all}
    touch "$built.part"
    if [ ! -f "$built" ] || [ -n "$(cd "$ROOT" && find CMake* cmake src \
        firmware examples tests -newer "$built" -print -quit 2>&1)" ]; then
        say "building: $1"
    fi
    logged "build-$1" ninja --quiet -C "$tree" "${2:-all}" || {
        unstamp build-packages
        exit 1
    }
    mv "$built.part" "$built"
}
