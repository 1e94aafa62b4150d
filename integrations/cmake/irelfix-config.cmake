# SPDX-License-Identifier: MIT
#
# find_package(irelfix) gives
#
#   irelfix_target(TARGET...)   each executable is repaired as the last step of its link
#   IRELFIX_EXECUTABLE          the program, which -DIRELFIX_EXECUTABLE=FILE overrides

# This file is installed in PREFIX/lib[/MACHINE]/cmake/irelfix, or used where it is in the sources.
# CMAKE_FIND_ROOT_PATH names what is for the target; irelfix runs on the machine that builds.
find_program(IRELFIX_EXECUTABLE
	NAMES irelfix
	HINTS
		"${CMAKE_CURRENT_LIST_DIR}/../../build"
		"${CMAKE_CURRENT_LIST_DIR}/../../../bin"
		"${CMAKE_CURRENT_LIST_DIR}/../../../../bin"
	NO_CMAKE_FIND_ROOT_PATH
	DOC "Repairs static executables that ld.lld linked with wrong iplt bounds")
mark_as_advanced(IRELFIX_EXECUTABLE)

if(NOT IRELFIX_EXECUTABLE)
	set(irelfix_FOUND FALSE)
	set(irelfix_NOT_FOUND_MESSAGE
		"The program irelfix was not found. In its source tree, run make first.")
endif()

function(irelfix_target)
	foreach(target IN LISTS ARGN)
		# The link and this command are one step of the build: nothing sees the file in between,
		# and a new irelfix asks for both.
		add_custom_command(TARGET ${target} POST_BUILD
			COMMAND "${IRELFIX_EXECUTABLE}" --quiet --in-place "$<TARGET_FILE:${target}>"
			VERBATIM)
		set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${IRELFIX_EXECUTABLE}")
	endforeach()
endfunction()
