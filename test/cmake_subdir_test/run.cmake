# cmake -DCONSUMER= -DROOT= -DSCRATCH= -DGENERATOR= -DCOMPILER= -DBUILD_TYPE= -DFLAGS= -DWERROR= -DGOAL= -P run.cmake
cmake_minimum_required(VERSION 3.23)

function(must)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "failed (${result}): ${ARGN}")
    endif()
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
string(TOUPPER "${BUILD_TYPE}" type)
must("${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${SCRATCH}" -G "${GENERATOR}" "-DCOGATE_ROOT=${ROOT}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}" "-DCMAKE_CXX_FLAGS_${type}=${FLAGS}"
    "-DCOGATE_WERROR=${WERROR}")
must("${CMAKE_COMMAND}" --build "${SCRATCH}" --target "${GOAL}")
if("${GOAL}" STREQUAL "consumer")
    must("${SCRATCH}/consumer")
endif()
