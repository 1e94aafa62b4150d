// SPDX-License-Identifier: MIT
// rustc diagnose.rs -lirelfix && ./diagnose FILE...
use std::ffi::{c_char, c_int, c_void, CStr, CString};

extern "C" {
    fn irelfix_open(path: *const c_char, out: *mut *mut c_void) -> c_int;
    fn irelfix_diagnose(file: *mut c_void) -> c_int;
    fn irelfix_message(file: *const c_void) -> *const c_char;
    fn irelfix_close(file: *mut c_void);
}

fn diagnose(name: &str) -> (c_int, String) {
    let path = CString::new(name).expect("a name without a NUL");
    let mut file = std::ptr::null_mut();
    unsafe {
        let opened = irelfix_open(path.as_ptr(), &mut file);
        let status = if opened == 0 { irelfix_diagnose(file) } else { opened };
        let message = CStr::from_ptr(irelfix_message(file)).to_string_lossy().into_owned();
        irelfix_close(file);
        (status, message)
    }
}

fn main() {
    let mut worst = 0;
    for name in std::env::args().skip(1) {
        let (status, message) = diagnose(&name);
        println!("{name}: {message}");
        worst = worst.max(status);
    }
    std::process::exit(worst);
}
