# cmake -DCONSUMER= -DROOT= -DBUILD= -DARCHIVE= -DSCRATCH= -DNINJA= -DCOMPILER= -DBUILD_TYPE= -DFLAGS= -DWERROR= -P run.cmake
cmake_minimum_required(VERSION 3.23)

function(must)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "failed (${result}): ${ARGN}")
    endif()
endfunction()

# The commands that compile the library, as if it was built in BUILD itself.
function(library_commands variable folder part)
    file(STRINGS "${folder}/compile_commands.json" lines REGEX "\"command\": .*CMakeFiles/cogate\\.dir/")
    string(REPLACE "${folder}/${part}" "${BUILD}/" lines "${lines}")
    string(REPLACE " -o ${part}CMakeFiles" " -o CMakeFiles" lines "${lines}")
    list(SORT lines)
    set(${variable} "${lines}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
string(TOUPPER "${BUILD_TYPE}" type)
must("${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${SCRATCH}" -G Ninja "-DCOGATE_ROOT=${ROOT}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}" "-DCMAKE_CXX_FLAGS_${type}=${FLAGS}"
    "-DCOGATE_WERROR=${WERROR}" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)

library_commands(here "${BUILD}" "")
library_commands(there "${SCRATCH}" "cogate/")
list(LENGTH here count)
if(count LESS 100)
    message(FATAL_ERROR "found only ${count} commands of the library")
endif()
if(NOT here STREQUAL there)
    foreach(command IN LISTS there)
        if(NOT command IN_LIST here)
            message(FATAL_ERROR "a consumer compiles the library in another way:\n${command}")
        endif()
    endforeach()
    message(FATAL_ERROR "a consumer does not compile all of the library")
endif()
message(STATUS "${count} sources of the library are compiled as here")

# One of them in truth, and the program.
must("${NINJA}" -C "${SCRATCH}" cogate/CMakeFiles/cogate.dir/lib/core/hash.cpp.o CMakeFiles/consumer.dir/main.cpp.o)
execute_process(COMMAND "${NINJA}" -C "${SCRATCH}" -t commands consumer OUTPUT_VARIABLE commands RESULT_VARIABLE result)
if(NOT result EQUAL 0 OR NOT commands MATCHES "[^\n]* -o consumer [^\n]*")
    message(FATAL_ERROR "there is no command that links the program")
endif()
set(link "${CMAKE_MATCH_0}")
file(COPY "${ARCHIVE}" DESTINATION "${SCRATCH}/cogate")
execute_process(COMMAND sh -c "${link}" WORKING_DIRECTORY "${SCRATCH}" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "the program does not link: ${link}")
endif()
must("${SCRATCH}/consumer")
