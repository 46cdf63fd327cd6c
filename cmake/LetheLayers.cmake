# lethe_layer(NAME USES…): the static library lethe_NAME from server/NAME/*.cpp. What it may link is what it may
# include: the layers named here, and nothing else.
function(lethe_layer name)
  cmake_parse_arguments(ARG "" "" "LAYERS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/server/${name}/*.cpp)
  add_library(lethe_${name} STATIC ${sources})
  set_target_properties(lethe_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_compile_options(lethe_${name} PRIVATE ${LETHE_REPRODUCIBLE})
  target_include_directories(lethe_${name} PUBLIC ${CMAKE_SOURCE_DIR}/server)
  target_link_libraries(lethe_${name} PUBLIC lethe_options ${ARG_LIBRARIES})
  foreach(layer ${ARG_LAYERS})
    target_link_libraries(lethe_${name} PUBLIC lethe_${layer})
  endforeach()
endfunction()
