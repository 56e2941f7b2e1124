//! The binary as an operator meets it: arguments in, text and exit codes out, and a server that works.
#![cfg(test)]

mod demo;
mod durability;
mod master_key;
mod operator;
mod public_url;
mod scripted;
mod serve;
mod usage;
