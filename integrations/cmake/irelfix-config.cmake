# SPDX-License-Identifier: MIT
#
# find_package(irelfix), or FetchContent of irelfix's sources, gives
#
#   irelfix_target(TARGET...)   each executable is repaired as the last step of its link
#   irelfix::irelfix            the program; IRELFIX_EXECUTABLE, where it was found, overrides it
#   irelfix::libirelfix         the static library, where it is installed
#   irelfix::libirelfix_shared  the shared library, where it is installed

# This file is installed in PREFIX/lib[/MACHINE]/cmake/irelfix, or used where it is in the sources.
# CMAKE_FIND_ROOT_PATH names what is for the target; irelfix runs on the machine that builds.
if(NOT TARGET irelfix::irelfix)
	find_program(IRELFIX_EXECUTABLE
		NAMES irelfix
		HINTS
			"${CMAKE_CURRENT_LIST_DIR}/../../build"
			"${CMAKE_CURRENT_LIST_DIR}/../../../bin"
			"${CMAKE_CURRENT_LIST_DIR}/../../../../bin"
		NO_CMAKE_FIND_ROOT_PATH
		DOC "Repairs static executables that ld.lld linked with wrong iplt bounds")
	mark_as_advanced(IRELFIX_EXECUTABLE)

	if(IRELFIX_EXECUTABLE)
		add_executable(irelfix::irelfix IMPORTED GLOBAL)
		set_target_properties(irelfix::irelfix PROPERTIES IMPORTED_LOCATION "${IRELFIX_EXECUTABLE}")
	else()
		set(irelfix_FOUND FALSE)
		string(CONCAT irelfix_NOT_FOUND_MESSAGE
			"The program irelfix was not found, and static executables would not start without it: "
			"install it, or name it by -DIRELFIX_EXECUTABLE=FILE. In its source tree, run make first.")
	endif()
endif()

if(NOT TARGET irelfix::libirelfix)
	find_library(IRELFIX_LIBRARY
		NAMES libirelfix.a
		HINTS
			"${CMAKE_CURRENT_LIST_DIR}/../../build"
			"${CMAKE_CURRENT_LIST_DIR}/../.."
		DOC "The library behind irelfix")
	find_path(IRELFIX_INCLUDE_DIR
		NAMES irelfix.h
		HINTS
			"${CMAKE_CURRENT_LIST_DIR}/../../include"
			"${CMAKE_CURRENT_LIST_DIR}/../../../include"
			"${CMAKE_CURRENT_LIST_DIR}/../../../../include"
		DOC "Where irelfix.h is")
	mark_as_advanced(IRELFIX_LIBRARY IRELFIX_INCLUDE_DIR)

	if(IRELFIX_LIBRARY AND IRELFIX_INCLUDE_DIR)
		add_library(irelfix::libirelfix STATIC IMPORTED GLOBAL)
		set_target_properties(irelfix::libirelfix PROPERTIES
			IMPORTED_LOCATION "${IRELFIX_LIBRARY}"
			INTERFACE_INCLUDE_DIRECTORIES "${IRELFIX_INCLUDE_DIR}"
			INTERFACE_LINK_LIBRARIES -pthread)
	endif()
endif()

if(NOT TARGET irelfix::libirelfix_shared AND IRELFIX_INCLUDE_DIR)
	find_library(IRELFIX_SHARED_LIBRARY
		NAMES "${CMAKE_SHARED_LIBRARY_PREFIX}irelfix${CMAKE_SHARED_LIBRARY_SUFFIX}"
		HINTS "${CMAKE_CURRENT_LIST_DIR}/../.."
		DOC "The shared library behind irelfix")
	mark_as_advanced(IRELFIX_SHARED_LIBRARY)

	if(IRELFIX_SHARED_LIBRARY)
		add_library(irelfix::libirelfix_shared SHARED IMPORTED GLOBAL)
		set_target_properties(irelfix::libirelfix_shared PROPERTIES
			IMPORTED_LOCATION "${IRELFIX_SHARED_LIBRARY}"
			INTERFACE_INCLUDE_DIRECTORIES "${IRELFIX_INCLUDE_DIR}")
	endif()
endif()

set(IRELFIX_REPAIR_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/irelfix-repair.cmake" CACHE INTERNAL "")

function(irelfix_target)
	foreach(target IN LISTS ARGN)
		if(NOT TARGET ${target})
			message(FATAL_ERROR "irelfix_target: there is no target ${target} (yet)")
		endif()
		get_target_property(type ${target} TYPE)
		if(NOT type STREQUAL "EXECUTABLE")
			message(FATAL_ERROR
				"irelfix_target: ${target} is no executable (${type}), and only those are repaired: "
				"name the executables that are linked with it")
		endif()
		# The link and this command are one step of the build: nothing sees the file in between,
		# and a new irelfix asks for both.
		add_custom_command(TARGET ${target} POST_BUILD
			COMMAND "${CMAKE_COMMAND}" "-DIRELFIX=$<TARGET_FILE:irelfix::irelfix>"
				"-DPROGRAM=$<TARGET_FILE:${target}>" -P "${IRELFIX_REPAIR_SCRIPT}"
			VERBATIM)
		set_property(TARGET ${target} APPEND PROPERTY
			LINK_DEPENDS "$<TARGET_FILE:irelfix::irelfix>")
		if(TARGET irelfix_program)
			add_dependencies(${target} irelfix_program)
		endif()
	endforeach()
endfunction()
