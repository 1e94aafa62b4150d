/* SPDX-License-Identifier: MIT */
/*
 * What has to be on disk before something else. fsync() promises that on Linux and the BSDs; XNU's
 * only hands the bytes to the disk, which may write them in any order.
 */
#ifndef IRELFIX_SYNC_H
#define IRELFIX_SYNC_H

#include <stdbool.h>

/** What was written to @fd is on disk before anything that is written from now on. */
bool sync_order(int fd);

/** What was written to @fd is on disk. Both: false with errno set. */
bool sync_now(int fd);

#endif
