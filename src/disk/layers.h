/* SPDX-License-Identifier: MIT */
/*
 * File systems that are made of others, and answer from memory. A file of a lower layer of overlayfs
 * gets a copy of its own when it is first opened for writing: its other names keep the old one.
 */
#ifndef IRELFIX_LAYERS_H
#define IRELFIX_LAYERS_H

#include <stdbool.h>

/**
 * Whether opening the file of @fd for writing would separate it from its hard links, as far as the
 * system tells (Linux 6.6): it comes from a lower layer of overlayfs.
 */
bool layers_separate(int fd);

/** Asks a server or another process what the file of @fd is like now: the next fstat() knows. */
void layers_refresh(int fd);

#endif
