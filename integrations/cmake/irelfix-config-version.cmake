# SPDX-License-Identifier: MIT
# What an older irelfix repairs a newer one repairs as well, so that newer is always compatible.
set(PACKAGE_VERSION 1.0.0)

if(PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION)
	set(PACKAGE_VERSION_COMPATIBLE FALSE)
else()
	set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
if(PACKAGE_VERSION VERSION_EQUAL PACKAGE_FIND_VERSION)
	set(PACKAGE_VERSION_EXACT TRUE)
endif()
