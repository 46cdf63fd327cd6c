# check.cmake itself, over self_test.cpp: it passes what is right, and fails where the bad variant compiles, where it fails
# for another reason, and where the control is broken.
function(expect wanted)
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${ROOT} -D SOURCE=${HERE}/self_test.cpp ${ARGN} -P ${HERE}/check.cmake
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(wanted STREQUAL "pass" AND NOT result EQUAL 0)
    message(FATAL_ERROR "a right case is reported:\n${output}")
  elseif(NOT wanted STREQUAL "pass" AND (result EQUAL 0 OR NOT output MATCHES "${wanted}"))
    message(FATAL_ERROR "not caught (${wanted}):\n${output}")
  endif()
endfunction()

expect("pass" -D COMPILER=${COMPILER})
expect("pass" -D COMPILER=${COMPILER} -D BAD=1 -D EXPECTED=deleted)
expect("compiles, and must not" -D COMPILER=${COMPILER} -D BAD=2 -D EXPECTED=deleted)
expect("another reason" -D COMPILER=${COMPILER} -D BAD=1 -D EXPECTED=no.such.message)
expect("control does not compile" -D "COMPILER=${COMPILER}\;-DBROKEN_CONTROL")
