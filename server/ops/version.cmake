# Tells ops/version.cpp, and no other file, what is being built. Include it from server/CMakeLists.txt. The revision is
# that of the checkout; a build from an archive can name it with -DLETHE_REVISION=….
set(LETHE_REVISION "" CACHE STRING "Commit that is built; empty: asked of git")
set(revision "${LETHE_REVISION}")
if(NOT revision AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  find_package(Git QUIET)
  if(GIT_FOUND)
    execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --dirty=+changes --abbrev=12 --exclude=*
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  # Every commit and checkout writes here: the revision is asked again.
  if(EXISTS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
  endif()
endif()
if(NOT revision)
  set(revision "unknown")
endif()
set_source_files_properties(${PROJECT_SOURCE_DIR}/server/ops/version.cpp PROPERTIES
  COMPILE_DEFINITIONS "LETHE_VERSION=\"${PROJECT_VERSION}\";LETHE_REVISION=\"${revision}\"")
