#!/bin/sh
# SPDX-License-Identifier: MIT
# BR2_ROOTFS_POST_BUILD_SCRIPT: what is in the target's root was stripped, and no image is made yet.
set -eu
exec "$HOST_DIR/bin/irelfix" --quiet --recursive --in-place "$TARGET_DIR"
