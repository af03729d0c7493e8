# Building programs for the bare RISC-V machine inside a project for the host:
# CMake knows one compiler a project, so these call the other one by hand.

find_program(RISCV_GCC
    NAMES riscv64-unknown-elf-gcc riscv64-linux-gnu-gcc
    DOC "C compiler for bare-metal RISC-V")
if(NOT RISCV_GCC)
    message(FATAL_ERROR
        "No RISC-V compiler. Install gcc-riscv64-unknown-elf (Debian, Ubuntu) "
        "or set RISCV_GCC to a riscv64 gcc.")
endif()
string(REGEX REPLACE "gcc([^/]*)$" "objcopy" riscv_objcopy_name "${RISCV_GCC}")
find_program(RISCV_OBJCOPY NAMES "${riscv_objcopy_name}" REQUIRED)

set(riscv_cmake_dir "${CMAKE_CURRENT_LIST_DIR}")

# No library, no hosted assumptions, no gp-relative addressing (gp belongs to
# whoever runs below us), code that may live anywhere in 64 bits.
set(RISCV_FLAGS
    -std=gnu11 -O2 -g -Wall -Wextra -Werror
    -ffreestanding -nostdlib -static -fno-pic -fno-common
    -fno-stack-protector -fno-asynchronous-unwind-tables
    -fno-tree-loop-distribute-patterns
    -mcmodel=medany -mabi=lp64 -mno-relax)
set(RISCV_MARCH rv64imac_zicsr_zifencei)

# riscv_objects(<out> <march> <source>...): one object file for each source;
# <out> gets their paths. A change of a header rebuilds what includes it.
function(riscv_objects out march)
    set(objects)
    foreach(source ${ARGN})
        get_filename_component(source "${source}" ABSOLUTE)
        file(RELATIVE_PATH name "${CMAKE_SOURCE_DIR}" "${source}")
        string(REPLACE "../" "" name "${name}")
        set(object "${CMAKE_BINARY_DIR}/riscv/${name}.o")
        get_filename_component(dir "${object}" DIRECTORY)
        file(MAKE_DIRECTORY "${dir}")
        add_custom_command(
            OUTPUT "${object}"
            COMMAND "${RISCV_GCC}" ${RISCV_FLAGS} -march=${march}
                    -MMD -MF "${object}.d" -MT "${object}"
                    -c "${source}" -o "${object}"
            DEPENDS "${source}"
            DEPFILE "${object}.d"
            COMMENT "RISC-V ${name}"
            VERBATIM)
        list(APPEND objects "${object}")
    endforeach()
    set(${out} "${objects}" PARENT_SCOPE)
endfunction()

# riscv_link(<elf> <script> <object>...): links with a script that may use
# the C preprocessor.
function(riscv_link elf script)
    get_filename_component(script "${script}" ABSOLUTE)
    get_filename_component(dir "${script}" DIRECTORY)
    get_filename_component(elf_dir "${elf}" DIRECTORY)
    file(GLOB script_headers CONFIGURE_DEPENDS "${dir}/*.h")
    file(MAKE_DIRECTORY "${elf_dir}")
    add_custom_command(
        OUTPUT "${elf}"
        COMMAND "${RISCV_GCC}" -E -P -x c "${script}" -o "${elf}.ld"
        COMMAND "${RISCV_GCC}" ${RISCV_FLAGS} -march=${RISCV_MARCH}
                -T "${elf}.ld" -Wl,--no-relax -Wl,--build-id=none
                -Wl,--no-warn-rwx-segments -o "${elf}" ${ARGN}
        DEPENDS "${script}" ${script_headers} ${ARGN}
        COMMENT "RISC-V ${elf}"
        VERBATIM)
endfunction()

# riscv_copy(<from> <to> <objcopy option>...)
function(riscv_copy from to)
    add_custom_command(
        OUTPUT "${to}"
        COMMAND "${RISCV_OBJCOPY}" ${ARGN} "${from}" "${to}"
        DEPENDS "${from}"
        VERBATIM)
endfunction()

# riscv_embed(<file> <source> <name>): a C source that defines the bytes of
# <file> as `const unsigned char <name>[]` and `<name>_size`.
function(riscv_embed file source name)
    add_custom_command(
        OUTPUT "${source}"
        COMMAND "${CMAKE_COMMAND}" "-DINPUT=${file}" "-DOUTPUT=${source}"
                "-DNAME=${name}" -P "${riscv_cmake_dir}/embed.cmake"
        DEPENDS "${file}" "${riscv_cmake_dir}/embed.cmake"
        VERBATIM)
endfunction()
