# Options of the build. What only a developer of cogate wants is on when cogate is the top-level project and
# off when another project adds it.
include_guard()

option(COGATE_BUILD_APPS "Build the gateway server and the cogate program" ${PROJECT_IS_TOP_LEVEL})
option(COGATE_BUILD_EXAMPLES "Build examples/" ${PROJECT_IS_TOP_LEVEL})
option(COGATE_BUILD_TESTS "Build test/ and register it with ctest" ${PROJECT_IS_TOP_LEVEL})
option(COGATE_BUILD_BENCH "Build the micro-benchmarks of bench/" ${PROJECT_IS_TOP_LEVEL})
option(COGATE_BUILD_FUZZERS "Build test/fuzz/ with libFuzzer (needs clang)" OFF)
option(COGATE_INSTALL "Create install rules" ${PROJECT_IS_TOP_LEVEL})
option(COGATE_WERROR "Warnings are errors" OFF)
option(COGATE_BOOST_SEPARATE_COMPILATION
    "Compile Asio and Beast once inside cogate; turn off if your program compiles them header-only" ON)
set(COGATE_SANITIZE "" CACHE STRING "Sanitizers for everything in this build, e.g. address,undefined or thread")
set(COGATE_PROFILE "" CACHE STRING
    "generate: the program counts what of it runs; use: optimise it for what such a run has counted (GCC)")

if(PROJECT_IS_TOP_LEVEL)
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
    endif()
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()

find_program(COGATE_CCACHE ccache)
mark_as_advanced(COGATE_CCACHE)
if(COGATE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The sloppiness is what ccache asks for to cache precompiled headers.
    set(COGATE_LAUNCHER
        "${CMAKE_COMMAND}" -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_NOHASHDIR=1 "${COGATE_CCACHE}")
endif()

# Sanitizers must cover every object of the build, ours and the tests', or they report nonsense.
if(COGATE_SANITIZE)
    add_compile_options(-fsanitize=${COGATE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${COGATE_SANITIZE})
    if(COGATE_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC warns that ThreadSanitizer does not model the fences Asio uses; nothing here rests on them.
        add_compile_options(-Wno-tsan)
    endif()
endif()
# The counts lie beside the objects of the same build folder.
if(COGATE_PROFILE STREQUAL "generate")
    add_compile_options(-fprofile-generate -fprofile-update=prefer-atomic)
    add_link_options(-fprofile-generate)
elseif(COGATE_PROFILE STREQUAL "use")
    # What the training never reached is optimised as without it.
    add_compile_options(-fprofile-use -fprofile-correction -fprofile-partial-training -Wno-missing-profile)
elseif(COGATE_PROFILE)
    message(FATAL_ERROR "COGATE_PROFILE is '${COGATE_PROFILE}'; it may be generate, use or empty")
endif()
if(COGATE_BUILD_FUZZERS)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "COGATE_BUILD_FUZZERS needs clang: configure with the preset `fuzz`")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
