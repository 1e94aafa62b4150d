// SPDX-License-Identifier: MIT
//! What weak references to symbols that a static link leaves undefined resolve to.
use std::arch::asm;

#[cfg(target_arch = "x86_64")]
macro_rules! address_of {
    ($name:literal) => {{
        let address: usize;
        unsafe {
            asm!(concat!(".weak ", $name),
                 concat!("mov {}, qword ptr [rip + ", $name, "@GOTPCREL]"),
                 out(reg) address)
        };
        address
    }};
}

#[cfg(target_arch = "aarch64")]
macro_rules! address_of {
    ($name:literal) => {{
        let address: usize;
        unsafe {
            asm!(concat!(".weak ", $name),
                 concat!("adrp {0}, :got:", $name),
                 concat!("ldr {0}, [{0}, :got_lo12:", $name, "]"),
                 out(reg) address)
        };
        address
    }};
}

macro_rules! print_each {
    ($($name:literal)*) => { $(println!("{}: {:#x}", $name, address_of!($name));)* };
}

/// The symbols that the workaround defines as 0 when it links.
pub fn print_addresses() {
    print_each!(
        "__gmon_start__"
        "__cxa_finalize"
        "__cxa_thread_atexit_impl"
        "_ITM_deregisterTMCloneTable"
        "_ITM_registerTMCloneTable"
        "statx"
        "_nl_current_LC_ADDRESS_used"
        "_nl_current_LC_COLLATE_used"
        "_nl_current_LC_IDENTIFICATION_used"
        "_nl_current_LC_MEASUREMENT_used"
        "_nl_current_LC_MESSAGES_used"
        "_nl_current_LC_MONETARY_used"
        "_nl_current_LC_NAME_used"
        "_nl_current_LC_PAPER_used"
        "_nl_current_LC_TELEPHONE_used"
        "_nl_current_LC_TIME_used"
    );
    #[cfg(feature = "hook")]
    print_each!("seed_hook");
}

/// Calls a function that is there only if somebody links it.
#[cfg(feature = "hook")]
pub fn call_hook() {
    let address = address_of!("seed_hook");
    if address != 0 {
        let hook: extern "C" fn() = unsafe { std::mem::transmute(address) };
        hook();
    }
}
