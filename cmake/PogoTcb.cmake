# pogo_tcb: the table that `pogo tcb` prints, counted by tools/tcb.py from the
# object files of all rooms. It is a library of its own, which programs link
# after the rooms: a room cannot hold what is counted from it.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_program(POGO_SIZE size REQUIRED)

function(pogo_tcb)
    get_property(rooms GLOBAL PROPERTY POGO_ROOMS)
    get_property(parts GLOBAL PROPERTY POGO_PARTS) # loaded by the program
    list(APPEND rooms ${parts})
    set(list "")
    set(objects "")
    foreach(room IN LISTS rooms)
        get_target_property(type ${room} TYPE)
        if(type STREQUAL "INTERFACE_LIBRARY") # it has no .c file yet
            continue()
        endif()
        get_target_property(folder ${room} SOURCE_DIR)
        file(RELATIVE_PATH folder "${CMAKE_SOURCE_DIR}/src" "${folder}")
        set(own "$<TARGET_OBJECTS:${room}>")
        list(APPEND objects "${own}")
        string(APPEND list "${folder} $<JOIN:${own},\n${folder} >\n")
    endforeach()

    set(names "${CMAKE_BINARY_DIR}/tcb-objects.txt")
    set(table "${CMAKE_BINARY_DIR}/tcb_layers.c")
    file(GENERATE OUTPUT "${names}" CONTENT "${list}")
    add_custom_command(OUTPUT "${table}"
        COMMAND Python3::Interpreter "${CMAKE_SOURCE_DIR}/tools/tcb.py"
            --source "${CMAKE_SOURCE_DIR}" --objects "${names}"
            --nm "${CMAKE_NM}" --size "${POGO_SIZE}" --c "${table}"
        DEPENDS "${CMAKE_SOURCE_DIR}/tools/tcb.py" "${names}" ${objects}
        VERBATIM)
    add_library(pogo_tcb STATIC "${table}")
    target_include_directories(pogo_tcb PRIVATE "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(pogo PRIVATE pogo_tcb)
endfunction()
