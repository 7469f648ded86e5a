#pragma once
/// Reading and writing JSON: document (index of a complete text), scanner (members of a text as it arrives),
/// member_capture (copies of a few members), writer.

#include "lib/core/json/capture.hpp"
#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/core/json/writer.hpp"
