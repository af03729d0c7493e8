# pogo_room(<folder> [PROGRAM <name>] [DEPS <rooms...>] [LIBS <libraries...>])
#
# Called in src/<folder>/CMakeLists.txt: makes the static library
# pogo_<folder> (vmm/core: pogo_vmm_core) of the folder's .c files. Headers are
# included from src/, as in #include "isa/decode.h". A room that has no .c file
# yet is an INTERFACE library, so that the rest of the house builds without it.
#
# A room may have one file more, main.c, which becomes a program: that of `cli`
# is `pogo`, another's is named by PROGRAM. All else can be tested.

define_property(GLOBAL PROPERTY POGO_ROOMS
    BRIEF_DOCS "Targets of all rooms, lowest first")

function(pogo_room folder)
    cmake_parse_arguments(ROOM "" "PROGRAM" "DEPS;LIBS" ${ARGN})
    string(REPLACE "/" "_" name "${folder}")
    set(target "pogo_${name}")
    list(TRANSFORM ROOM_DEPS REPLACE "/" "_")
    list(TRANSFORM ROOM_DEPS PREPEND "pogo_")

    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.c")
    list(FILTER sources EXCLUDE REGEX "/main\\.c$")
    if(sources)
        add_library(${target} STATIC ${sources})
        set(scope PUBLIC)
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(${target} ${scope} "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(${target} ${scope} ${ROOM_DEPS} ${ROOM_LIBS})
    set_property(GLOBAL APPEND PROPERTY POGO_ROOMS ${target})

    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/main.c")
        set(program pogo)
        if(ROOM_PROGRAM)
            set(program ${ROOM_PROGRAM})
        endif()
        add_executable(${program} main.c)
        target_link_libraries(${program} PRIVATE ${target})
        target_compile_definitions(${program} PRIVATE
            POGO_VERSION="${PROJECT_VERSION}")
        set_target_properties(${program} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
    endif()
endfunction()
