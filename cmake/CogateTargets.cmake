include_guard()

# cogate_sources(<variable> <folder>...): every .cpp below the folders; a folder may be absent.
function(cogate_sources variable)
    set(sources)
    foreach(folder IN LISTS ARGN)
        file(GLOB_RECURSE found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
        list(APPEND sources ${found})
    endforeach()
    set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# cogate_house_rules(<target>): what holds for every target compiled here and never reaches a consumer.
function(cogate_house_rules target)
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_compile_definitions(${target} PRIVATE COGATE_VERSION="${PROJECT_VERSION}")
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
    if(COGATE_LAUNCHER)
        set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER "${COGATE_LAUNCHER}")
    endif()
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
        # Nobody replaces our functions at load time, so they may be inlined although the code is position-independent.
        -fno-semantic-interposition)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC 12 sees a mismatch where it inlines only one half of Asio's allocation of coroutine frames.
        target_compile_options(${target} PRIVATE -Wno-mismatched-new-delete)
        if(COGATE_SANITIZE)
            # Instrumented code hides from GCC 12 which member of a result is alive.
            target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
        endif()
    endif()
    if(COGATE_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
            # GCC 12 reports these two falsely in optimised coroutines.
            target_compile_options(${target} PRIVATE -Wno-error=maybe-uninitialized -Wno-error=dangling-pointer)
        endif()
    endif()
endfunction()
