// SPDX-License-Identifier: MIT
//! Every message arrives, once and in its sender's order.
use tokio::sync::{broadcast, mpsc, oneshot};

const SENDERS: usize = 8;
const MESSAGES: u64 = 500;
const REQUESTS: u64 = 300;
const LISTENERS: usize = 6;

async fn many_to_one() {
    let (sender, mut receiver) = mpsc::channel(16);
    for who in 0..SENDERS {
        let sender = sender.clone();
        tokio::spawn(async move {
            for number in 0..MESSAGES {
                sender.send((who, number)).await.unwrap();
            }
        });
    }
    drop(sender);
    let mut next = [0; SENDERS];
    let mut in_order = 0;
    while let Some((who, number)) = receiver.recv().await {
        in_order += u64::from(number == next[who]);
        next[who] = number + 1;
    }
    println!("mpsc: {in_order} messages in order");
}

async fn request_and_reply() {
    let (requests, mut inbox) = mpsc::unbounded_channel::<(u64, oneshot::Sender<u64>)>();
    tokio::spawn(async move {
        while let Some((number, reply)) = inbox.recv().await {
            tokio::spawn(async move { reply.send(number * number).unwrap() });
        }
    });
    let mut replies = Vec::new();
    for number in 0..REQUESTS {
        let (reply, answer) = oneshot::channel();
        requests.send((number, reply)).unwrap();
        replies.push(answer);
    }
    let mut sum = 0;
    for answer in replies {
        sum += answer.await.unwrap();
    }
    println!("oneshot: squares add up to {sum}");
}

async fn one_to_many() {
    let (sender, _) = broadcast::channel(MESSAGES as usize);
    let listeners: Vec<_> = (0..LISTENERS)
        .map(|_| {
            let mut receiver = sender.subscribe();
            tokio::spawn(async move {
                let mut digest = 0u64;
                while let Ok(number) = receiver.recv().await {
                    digest = digest.wrapping_mul(31).wrapping_add(number);
                }
                digest
            })
        })
        .collect();
    for number in 0..MESSAGES {
        sender.send(number).unwrap();
    }
    drop(sender);
    let mut heard = Vec::new();
    for listener in listeners {
        heard.push(listener.await.unwrap());
    }
    println!("broadcast: {heard:x?}");
}

pub async fn run() {
    many_to_one().await;
    request_and_reply().await;
    one_to_many().await;
}
