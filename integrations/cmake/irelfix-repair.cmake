# SPDX-License-Identifier: MIT
# cmake -DIRELFIX=FILE -DPROGRAM=FILE -P irelfix-repair.cmake
#
# Repairs what was linked, or takes it away: what is not repaired must not pass for built.
execute_process(COMMAND "${IRELFIX}" --quiet --in-place "${PROGRAM}" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
	file(REMOVE "${PROGRAM}")
	message(FATAL_ERROR "${PROGRAM} was removed: ${IRELFIX} ended with ${result}")
endif()
