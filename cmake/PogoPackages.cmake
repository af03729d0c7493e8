# External libraries, as imported targets: fdt, elf, dw, edit, z3, slirp, png,
# sdl2, ncurses, ZLIB::ZLIB, capstone.

# pogo_library(<target> HEADER <file> NAMES <library...> PACKAGE <name>)
function(pogo_library target)
    cmake_parse_arguments(L "" "HEADER;PACKAGE" "NAMES" ${ARGN})
    find_path(POGO_${target}_INCLUDE ${L_HEADER})
    find_library(POGO_${target}_LIBRARY NAMES ${L_NAMES})
    if(NOT POGO_${target}_INCLUDE OR NOT POGO_${target}_LIBRARY)
        message(FATAL_ERROR
            "${L_HEADER} was not found: install ${L_PACKAGE}, or use ./run.")
    endif()
    add_library(${target} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES
        IMPORTED_LOCATION "${POGO_${target}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${POGO_${target}_INCLUDE}")
endfunction()

pogo_library(fdt HEADER libfdt.h NAMES fdt PACKAGE libfdt-dev)
pogo_library(elf HEADER libelf.h NAMES elf PACKAGE libelf-dev)
pogo_library(dw HEADER elfutils/libdw.h NAMES dw PACKAGE libdw-dev)
pogo_library(z3 HEADER z3.h NAMES z3 PACKAGE libz3-dev)
pogo_library(png HEADER png.h NAMES libpng16.a png16 PACKAGE libpng-dev)
pogo_library(sdl2 HEADER SDL2/SDL.h NAMES SDL2 PACKAGE libsdl2-dev)
pogo_library(zstd HEADER zstd.h NAMES zstd PACKAGE libzstd-dev)
pogo_library(lzma HEADER lzma.h NAMES lzma PACKAGE liblzma-dev)
pogo_library(slirp HEADER slirp/libslirp.h NAMES slirp PACKAGE libslirp-dev)
pogo_library(edit HEADER histedit.h NAMES edit PACKAGE libedit-dev)
pogo_library(ncurses HEADER ncurses.h NAMES ncursesw PACKAGE libncurses-dev)
find_package(ZLIB REQUIRED)

# Capstone knows RV64GC from version 5 on. Debian 12 has 4, so
# `tools/get-packages capstone` unpacks Debian 13's under build/packages.
set(POGO_CAPSTONE_DIR "${CMAKE_SOURCE_DIR}/build/packages/capstone/usr"
    CACHE PATH "Where Capstone 5 or later is unpacked")
find_path(POGO_capstone_INCLUDE capstone/capstone.h
    PATHS "${POGO_CAPSTONE_DIR}/include" NO_DEFAULT_PATH)
find_library(POGO_capstone_LIBRARY NAMES libcapstone.a capstone
    PATHS "${POGO_CAPSTONE_DIR}/lib"
    PATH_SUFFIXES "${CMAKE_LIBRARY_ARCHITECTURE}" NO_DEFAULT_PATH)
if(NOT POGO_capstone_INCLUDE OR NOT POGO_capstone_LIBRARY)
    message(FATAL_ERROR
        "Capstone 5 was not found in ${POGO_CAPSTONE_DIR}: "
        "run tools/get-packages capstone, or use ./run.")
endif()
add_library(capstone UNKNOWN IMPORTED GLOBAL)
set_target_properties(capstone PROPERTIES
    IMPORTED_LOCATION "${POGO_capstone_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${POGO_capstone_INCLUDE}")
