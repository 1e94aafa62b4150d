// SPDX-License-Identifier: MIT
//! Memory that one thread allocates, another grows and a third frees.
use std::collections::{BTreeMap, HashMap};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

const THREADS: u64 = 6;
const BLOCKS: u64 = 1000;

/// A generator whose numbers are the same everywhere (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Mostly small blocks, some of up to 32 kB.
fn allocate(numbers: &mut Numbers) -> Vec<u8> {
    let number = numbers.next();
    let largest = if number % 64 == 0 { 1 << 15 } else { 512 };
    vec![number as u8; (number >> 8) as usize % largest + 1]
}

fn allocate_and_send(thread: u64, to: mpsc::Sender<Vec<u8>>) {
    let mut numbers = Numbers(thread + 1);
    for _ in 0..BLOCKS {
        to.blocking_send(allocate(&mut numbers)).unwrap();
    }
}

fn grow_and_send(mut from: mpsc::Receiver<Vec<u8>>, to: mpsc::Sender<Vec<u8>>) {
    while let Some(mut block) = from.blocking_recv() {
        block.resize(block.len() * 2, block[0] ^ 0xff);
        to.blocking_send(block).unwrap();
    }
}

/// Counts the bytes that still hold what was written into them.
fn check_and_free(mut from: mpsc::Receiver<Vec<u8>>) -> (usize, usize) {
    let (mut right, mut total) = (0, 0);
    while let Some(block) = from.blocking_recv() {
        let (first, second) = block.split_at(block.len() / 2);
        right += first.iter().filter(|&&byte| byte == block[0]).count();
        right += second.iter().filter(|&&byte| byte == block[0] ^ 0xff).count();
        total += block.len();
    }
    (right, total)
}

async fn pass_blocks_on() {
    let mut checkers = Vec::new();
    for thread in 0..THREADS {
        let (allocated, to_grow) = mpsc::channel(8);
        let (grown, to_check) = mpsc::channel(8);
        spawn_blocking(move || allocate_and_send(thread, allocated));
        spawn_blocking(move || grow_and_send(to_grow, grown));
        checkers.push(spawn_blocking(move || check_and_free(to_check)));
    }
    let (mut right, mut total) = (0, 0);
    for checker in checkers {
        let counts = checker.await.unwrap();
        right += counts.0;
        total += counts.1;
    }
    println!("blocks: {right} of {total} bytes right");
}

async fn fill_maps() {
    let tasks: Vec<_> = (0..THREADS)
        .map(|thread| {
            tokio::spawn(async move {
                let mut numbers = Numbers(thread + 100);
                let mut map = HashMap::new();
                for _ in 0..BLOCKS {
                    let key = numbers.next() % 500;
                    map.entry(key.to_string()).or_insert_with(Vec::new).push(key);
                }
                map.into_iter().collect::<BTreeMap<_, _>>()
            })
        })
        .collect();
    let mut sum = 0u64;
    for task in tasks {
        for (key, values) in task.await.unwrap() {
            sum = sum.wrapping_mul(31).wrapping_add(key.len() as u64 + values.iter().sum::<u64>());
        }
    }
    println!("maps: {sum:x}");
}

pub async fn run() {
    pass_blocks_on().await;
    fill_maps().await;
}
