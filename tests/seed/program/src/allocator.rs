// SPDX-License-Identifier: MIT
//! mimalloc as the global allocator.
use std::alloc::{GlobalAlloc, Layout};
use std::ffi::c_void;

#[link(name = "mimalloc", kind = "static")]
extern "C" {
    fn mi_malloc_aligned(size: usize, alignment: usize) -> *mut c_void;
    fn mi_zalloc_aligned(size: usize, alignment: usize) -> *mut c_void;
    fn mi_realloc_aligned(block: *mut c_void, size: usize, alignment: usize) -> *mut c_void;
    fn mi_free(block: *mut c_void);
    fn mi_is_in_heap_region(block: *const c_void) -> bool;
}

pub struct Mimalloc;

// Safety: mimalloc's functions do what GlobalAlloc asks for, for every size and alignment.
unsafe impl GlobalAlloc for Mimalloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        mi_malloc_aligned(layout.size(), layout.align()).cast()
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        mi_zalloc_aligned(layout.size(), layout.align()).cast()
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        mi_realloc_aligned(block.cast(), size, layout.align()).cast()
    }

    unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
        mi_free(block.cast())
    }
}

/// Who owns the memory of a box.
pub fn name_of<T>(object: &Box<T>) -> &'static str {
    let block: *const T = &**object;
    if unsafe { mi_is_in_heap_region(block.cast()) } {
        "mimalloc"
    } else {
        "another"
    }
}
