# lethe_embed(TARGET NAMESPACE NAME FILE): compiles the text of FILE into TARGET as NAMESPACE::NAME, a std::string_view.
function(lethe_embed target namespace name file)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cpp)
  file(READ ${file} text)
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
    "#include <string_view>\nnamespace @namespace@ {\nextern const std::string_view @name@;\nconst std::string_view @name@ = R\"embedded(@text@)embedded\";\n}\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  target_sources(${target} PRIVATE ${output})
endfunction()
