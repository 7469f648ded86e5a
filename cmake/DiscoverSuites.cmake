# cmake -DPROGRAM= -DPREFIX= -DOUTPUT= -DTIMEOUT= -DENVIRONMENT=a|b -P DiscoverSuites.cmake
# Writes a ctest file with one test per top-level suite (or case) of a Boost.Test program.
cmake_minimum_required(VERSION 3.23)

execute_process(COMMAND "${PROGRAM}" --list_content --color_output=no
    OUTPUT_VARIABLE listing ERROR_VARIABLE listing_error RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${PROGRAM} --list_content failed (${result}):\n${listing}${listing_error}")
endif()

# Top-level names start in the first column; "*" marks what runs by default, ":" starts a description.
string(REGEX MATCHALL "(^|\n)[A-Za-z_0-9]+" names "\n${listing}${listing_error}")
string(REPLACE "|" ";" environment "${ENVIRONMENT}")
set(content "")
foreach(name IN LISTS names)
    string(STRIP "${name}" name)
    string(APPEND content
        "add_test([==[${PREFIX}.${name}]==] [==[${PROGRAM}]==] [==[--run_test=${name}]==] --color_output=no)\n"
        "set_tests_properties([==[${PREFIX}.${name}]==] PROPERTIES TIMEOUT ${TIMEOUT} ENVIRONMENT [==[${environment}]==])\n")
endforeach()
file(WRITE "${OUTPUT}" "${content}")
