# How everything in this tree is compiled.
#
# POGO_SANITIZE   AddressSanitizer and UndefinedBehaviorSanitizer
# POGO_COVERAGE   gcov counters
# POGO_FUZZ       libFuzzer targets (needs clang)

option(POGO_SANITIZE "Build with ASan and UBSan" OFF)
option(POGO_COVERAGE "Build with gcov counters" OFF)
option(POGO_FUZZ "Build tests/fuzz as libFuzzer targets (clang)" OFF)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

# C11 with POSIX declarations visible, which is what gnu11 adds.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
# The interpreter's operations tail-call one another: without sibling calls a
# long block would exhaust the stack, so they are asked for below -O2 too.
set(CMAKE_C_FLAGS_DEBUG
    "-O1 -g -fno-omit-frame-pointer -foptimize-sibling-calls")

# -ffp-contract=off: guest floating point must round where the manual says,
# and never be fused behind our back.
add_compile_options(-Wall -Wextra -Werror -ffp-contract=off)

# The tables of handlers are some ten thousand addresses: linked to where they
# are loaded, they need not be relocated at every start.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_options(-fno-pie)
    add_link_options(-no-pie)
endif()

if(POGO_SANITIZE OR POGO_FUZZ)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined)
endif()
if(POGO_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
endif()
if(POGO_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES Clang)
        message(FATAL_ERROR "The fuzz preset needs clang (it provides libFuzzer).")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
    add_link_options(-fsanitize=fuzzer-no-link)
endif()

find_program(POGO_CCACHE ccache)
if(POGO_CCACHE AND NOT CMAKE_C_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER "${POGO_CCACHE}")
endif()
