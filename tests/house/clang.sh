# Everything builds without a warning with clang too, the fuzz targets with
# libFuzzer. pogo-test: timeout=1200
set -eu
cd "$SRC"
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
ninja -C build/fuzz -j 2
