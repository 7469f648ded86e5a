include_guard()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/cogate")

install(TARGETS cogate cogate_boost EXPORT cogateTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT library)
install(FILES "${PROJECT_SOURCE_DIR}/lib/catalog/tokens/data/NOTICE.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}"
        RENAME NOTICE-tokens.md COMPONENT library)
install(EXPORT cogateTargets NAMESPACE cogate:: DESTINATION "${package_folder}" COMPONENT library)

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/cogateConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/cogateConfig.cmake" INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/cogateConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/cogateConfig.cmake" "${PROJECT_BINARY_DIR}/cogateConfigVersion.cmake"
    DESTINATION "${package_folder}" COMPONENT library)

if(TARGET cogate_cli)
    install(TARGETS cogate_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
endif()
