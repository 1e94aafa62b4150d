// SPDX-License-Identifier: MIT
// Rust: its standard library looks for newer C library functions through weak symbols.
use std::collections::BTreeMap;
use std::panic;
use std::thread;
use std::time::{Duration, Instant};

fn count_words(text: &str) -> BTreeMap<&str, usize> {
    let mut words = BTreeMap::new();
    for word in text.split_whitespace() {
        *words.entry(word).or_insert(0) += 1;
    }
    words
}

fn sum_in_threads(count: u64) -> u64 {
    let threads: Vec<_> = (0..count)
        .map(|number| thread::spawn(move || (0..=number * 100).sum::<u64>()))
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).sum()
}

fn main() {
    println!("words: {:?}", count_words("a weak b weak c weak a"));
    println!("threads: {}", sum_in_threads(5));

    panic::set_hook(Box::new(|_| ()));
    let caught = panic::catch_unwind(|| Vec::<u8>::new()[std::env::args().count()]);
    println!("panic caught: {}", caught.is_err());

    let start = Instant::now();
    thread::sleep(Duration::from_millis(2));
    println!("slept: {}", start.elapsed() >= Duration::from_millis(2));

    let metadata = std::fs::metadata("/").unwrap();
    println!("root is a folder: {}", metadata.is_dir());
    println!("math: {:.6} {:.6}", 0.5f64.sin(), 10.25f64.powf(0.5));
}
