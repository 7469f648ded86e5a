# cmake -DBUILD= -DCONSUMER= -DSCRATCH= -DGENERATOR= -DCOMPILER= -DBUILD_TYPE= -P run.cmake
cmake_minimum_required(VERSION 3.23)

function(must)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "failed (${result}): ${ARGN}")
    endif()
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
must("${CMAKE_COMMAND}" --install "${BUILD}" --component library --prefix "${SCRATCH}/prefix")
must("${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${SCRATCH}/build" -G "${GENERATOR}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}" "-DCMAKE_PREFIX_PATH=${SCRATCH}/prefix")
must("${CMAKE_COMMAND}" --build "${SCRATCH}/build")
must("${SCRATCH}/build/consumer")

# The package must work on another machine: nothing in it may name a folder of this one.
file(GLOB_RECURSE package_files "${SCRATCH}/prefix/*.cmake")
foreach(file IN LISTS package_files)
    file(READ "${file}" text)
    string(FIND "${text}" "${BUILD}" found)
    if(NOT found EQUAL -1)
        message(FATAL_ERROR "${file} names the build folder")
    endif()
endforeach()
