//! The binary as an operator meets it: arguments in, text and exit codes out, and a server that works.
#![cfg(test)]

mod demo;
mod disk;
mod durability;
mod files;
mod master_key;
mod operator;
mod output;
mod public_url;
mod scripted;
mod serve;
mod usage;
