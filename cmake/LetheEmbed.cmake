# lethe_embed(TARGET NAMESPACE NAME FILE): compiles the text of FILE into TARGET as NAMESPACE::NAME, a std::string_view.
function(lethe_embed target namespace name file)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cpp)
  file(READ ${file} text)
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
    "#include <string_view>\nnamespace @namespace@ {\nextern const std::string_view @name@;\nconst std::string_view @name@ = R\"embedded(@text@)embedded\";\n}\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  # Longer than C++ asks compilers to take; both of ours do.
  set_source_files_properties(${output} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${target} PRIVATE ${output})
endfunction()

# The demo page as it is committed: built from TypeScript by clients/demo/build, which needs npm; this doesn't.
function(lethe_embed_demo target)
  foreach(file page:index.html script:demo.js style:demo.css icon:icon.svg)
    string(REPLACE ":" ";" file ${file})
    list(GET file 0 name)
    list(GET file 1 path)
    lethe_embed(${target} lethe::net::embedded demo_${name} ${CMAKE_SOURCE_DIR}/clients/demo/dist/${path})
  endforeach()
endfunction()
