include_guard()

# What a source takes in with the assembler's .incbin: no compiler lists it among the dependencies.
set(tokens_folder "${PROJECT_SOURCE_DIR}/lib/catalog/tokens")
set_source_files_properties("${tokens_folder}/embedded.cpp" PROPERTIES
    SKIP_PRECOMPILE_HEADERS ON
    OBJECT_DEPENDS "${tokens_folder}/data/cl100k_base.merges;${tokens_folder}/data/o200k_base.merges;${tokens_folder}/data/unicode_classes.runs")
